// The keypad, "lihat absensi saya" and the privacy notice, by touch and by keyboard. Each closes by
// itself after a while without a touch.
import { asked } from "/static/asked.js";
import { Proof } from "/static/proof.js";
import { at, drawn, made, word } from "/static/page.js";

// `face`: without a secret number the camera compares the owner of that field's NIP.
const FORMS = {
  nip: { title: "key_nip", to: "typed", help: "nip_help", fields: [["who", "nip"]] },
  secret: {
    title: "key_secret", to: "typed", help: "secret_help",
    fields: [["who", "nip"], ["secret", "secret"]],
  },
  witness: {
    title: "key_witness", to: "vouched", help: "witness_help",
    fields: [["who", "nip_who"], ["by", "nip_by"], ["secret", "secret_or_face", true]],
    face: { field: "by", purpose: "witness", word: "expect_witness" },
  },
  mine: {
    title: "key_mine", to: "mine", help: "mine_help",
    fields: [["who", "nip_whole"], ["secret", "secret_or_face", true]],
    face: { field: "who", purpose: "mine", word: "expect_mine" },
  },
  about: { title: "key_about", fields: [] },
};
const IDLE_MS = 25000;
const READ_MS = 30000;
const EXPECT_MS = 10000; // so long the camera compares with a typed NIP
const MOST = { who: 24, by: 24, secret: 12 };

export class Keypad {
  constructor(prompts) {
    this.prompts = prompts;
    this.proof = new Proof(prompts);
    this.form = null;
    document.querySelectorAll("[data-dialog]").forEach((key) => {
      key.addEventListener("click", () => this.open(key.dataset.dialog, key));
    });
    at("digits").addEventListener("click", (event) => this.press(event.target.closest("button")));
    at("close").addEventListener("click", () => this.close());
    at("dialog").addEventListener("scroll", () => this.touch(), true);
    document.addEventListener("keydown", (event) => this.typed(event));
  }

  open(name, opener) {
    this.proof.drop(); // the next person is here
    this.form = FORMS[name];
    this.name = name;
    this.opener = opener || null;
    this.values = {};
    this.field = 0;
    this.asking = false;
    this.patience = name === "about" ? READ_MS : IDLE_MS;
    const dialog = at("dialog");
    dialog.className = name === "about" ? "telling" : "";
    dialog.hidden = false;
    document.body.classList.add("open");
    at("dialog-title").textContent = word(this.form.title);
    at("help").textContent = this.form.help ? word(this.form.help) : "";
    at("about").scrollTop = 0;
    this.refuse("");
    this.touch();
    this.paint();
    (name === "about" ? at("about") : at("enter")).focus({ focusVisible: false });
  }

  close() {
    this.form = null;
    this.values = {};
    at("fields").replaceChildren(); // no digits stay behind
    at("day-rows").replaceChildren();
    at("dialog").hidden = true;
    document.body.classList.remove("open");
    if (this.opener) this.opener.blur();
  }

  touch() {
    this.touched = performance.now();
  }

  tick() {
    if (!this.form) return;
    const left = 1 - (performance.now() - this.touched) / this.patience;
    at("idle").value = Math.max(0, left * 100);
    if (left <= 0 && !this.asking) this.close();
  }

  typed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const digit = /^[0-9]$/.test(event.key);
    if (!this.form && digit) this.open("nip");
    if (!this.form) return;
    this.touch();
    if (event.key === "Escape") this.close();
    else if (digit) this.digit(event.key);
    else if (event.key === "Backspace") this.erase();
    else if (event.key === "Enter" && !this.elsewhere()) this.enter();
    else return;
    event.preventDefault();
  }

  // Enter on a focused key presses that key.
  elsewhere() {
    const focused = document.activeElement;
    return focused && focused.matches("button, a") && focused.id !== "enter";
  }

  press(key) {
    if (!key || !this.form) return;
    this.touch();
    if (key.dataset.digit) this.digit(key.dataset.digit);
    else if (key.dataset.act === "delete") this.erase();
    else this.enter();
  }

  current() {
    return this.form.fields[this.field];
  }

  digit(digit) {
    if (!this.current() || this.asking) return;
    const [name] = this.current();
    const value = (this.values[name] || "") + digit;
    if (value.length <= MOST[name]) this.values[name] = value;
    this.refuse("");
    this.paint();
  }

  erase() {
    if (!this.current() || this.asking) return;
    const [name] = this.current();
    const value = this.values[name] || "";
    if (!value && this.field > 0) this.field -= 1;
    else this.values[name] = value.slice(0, -1);
    this.paint();
  }

  enter() {
    if (!this.current() || this.asking) return;
    const [name, , empty] = this.current();
    if (!this.values[name] && !empty) this.refuse(word("type_digits"));
    else if (this.field < this.form.fields.length - 1) this.field += 1;
    else this.send();
    this.paint();
  }

  async send() {
    const form = this.form;
    const values = this.values;
    this.asking = true;
    this.refuse("");
    at("help").textContent = word("asking");
    const face = values.secret ? null : form.face;
    const told = face
      ? await asked("typed", { who: values[face.field], purpose: face.purpose })
      : await asked(form.to, values);
    if (this.form !== form || this.values !== values) return; // closed meanwhile
    this.asking = false;
    this.touch();
    if (!told.ok) this.failed(told.line);
    else if (face) this.prove(form, values);
    else this.succeeded(told);
  }

  // The owner of the NIP looks into the camera; what was asked for is done when they are recognised.
  prove(form, values) {
    const { name } = this;
    this.close();
    this.proof.wait(form, values, (told) => {
      if (name !== "mine") return; // a card shows it
      this.open(name);
      this.list(told.days);
    });
  }

  succeeded(told) {
    if (this.name === "mine") {
      this.list(told.days);
      return;
    }
    const comparing = this.name === "nip";
    this.close();
    if (comparing) this.prompts.expect("expect", EXPECT_MS);
  }

  failed(line) {
    at("help").textContent = word(this.form.help);
    const [last] = this.form.fields[this.form.fields.length - 1];
    if (last === "secret") this.values.secret = "";
    this.refuse(line);
    this.paint();
  }

  list(days) {
    this.patience = READ_MS;
    at("dialog").className = "listing";
    at("days-note").textContent = word(days.length ? "mine_note" : "mine_none");
    at("day-rows").replaceChildren(
      ...days.reverse().map((day) => {
        // The newest first: it is why somebody looks.
        const row = document.createElement("tr");
        const stage = made("td", day.look, "");
        stage.append(drawn(day.shape), ` ${day.stage}`);
        row.append(made("td", "", day.at), made("td", "", day.how), stage, made("td", "code", day.code));
        return row;
      }),
    );
    at("close").focus({ focusVisible: false });
  }

  refuse(line) {
    at("refused").textContent = line;
  }

  paint() {
    if (!this.form) return;
    at("enter").textContent = word(this.field < this.form.fields.length - 1 ? "next" : "done");
    at("fields").replaceChildren(
      ...this.form.fields.map(([name, label], no) => {
        const item = made("label", no === this.field ? "current" : "", word(label));
        const value = this.values[name] || "";
        item.append(made("output", "", name === "secret" ? "●".repeat(value.length) : value));
        return item;
      }),
    );
  }
}
