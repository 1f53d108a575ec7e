// What the panel says: a challenge first, then what became of a face, then that the kiosk is ready.
import { at, drawn, made, shape, word } from "/static/page.js";

const ORDER = ["ask", "refused", "failed", "unknown", "hold", "expect", "crowd", "nip", "look"];
// How long (ms) a face counts without news of it. The camera says every two seconds what still holds;
// one that is silent for three of them has died.
const KEPT = 6000;
const READ = 3000; // what is still read when the face has gone
const REFUSED = 8000;
const COMMITTED = 1500;
const TYPED = -1; // in the place of a track: somebody whose NIP was typed
const PROOF = -2; // the same, for a witness or for one's own list
const CHECKING = { look: "checking", shape: "dots", word: word("look"), line: word("asking") };
const ASKS = ["turn_left", "turn_right", "blink"];

export class Prompts {
  constructor() {
    this.faces = new Map(); // track -> { told, until, ends }
    this.resting = null;
    this.gone = null;
    this.painted = "";
  }

  face(told) {
    const now = performance.now();
    if (told.progress === "idle") {
      const old = this.faces.get(told.track);
      if (old && ["unknown", "failed"].includes(old.told.progress)) old.until = now + READ;
      else this.faces.delete(told.track);
      // Between a challenge that was met and the card the scan is committed: nobody is "ready" yet.
      if (old && old.told.asked) this.prompt(told.track, "hold", CHECKING, COMMITTED);
    } else {
      this.faces.set(told.track, { told, ends: now + told.left * 1000, until: now + KEPT });
    }
    this.paint();
  }

  // A NIP was typed: its owner has to look into the camera, for as long (ms) as it waits for that.
  // What the camera says of a face goes before it.
  expect(key, patience, track = TYPED) {
    const state = { look: "ask", shape: "face", word: word(key), line: word(`${key}_say`) };
    this.prompt(track, "expect", state, patience);
  }

  // The same for a proof, which anybody's card leaves alone.
  prove(key, patience) {
    this.expect(key, patience, PROOF);
  }

  proven() {
    this.faces.delete(PROOF);
    this.paint();
  }

  // What was asked for with a typed NIP was not done, and why.
  refuse(line) {
    const state = { look: "unknown", shape: "square", word: word("failed"), line };
    this.prompt(TYPED, "refused", state, REFUSED);
  }

  // What the page says by itself, for so many ms.
  prompt(track, progress, state, patience) {
    const told = { track, progress, asked: "", left: 0, x: 50, state, later: "" };
    this.faces.set(track, { told, ends: 0, until: performance.now() + patience });
    this.paint();
  }

  // The person of this track has a card; 0: it came from no face.
  done(track) {
    if (!track) return;
    this.faces.delete(track);
    this.faces.delete(TYPED);
    this.paint();
  }

  rest(state) {
    this.resting = state;
    this.paint();
  }

  away(state) {
    this.gone = state;
    this.faces.clear();
    this.paint();
  }

  back() {
    this.gone = null;
  }

  forget() {
    this.faces.clear();
  }

  tick() {
    const now = performance.now();
    let changed = false;
    for (const [track, one] of this.faces) {
      if (one.until < now) changed = this.faces.delete(track) || changed;
    }
    const first = this.first();
    if (changed || (first && first.told.left)) this.paint();
  }

  first() {
    const all = [...this.faces.values()];
    for (const progress of ORDER) {
      const found = all.find((one) => one.told.progress === progress);
      if (found) return found;
    }
    return null;
  }

  paint() {
    const first = this.gone ? null : this.first();
    const asked = first ? first.told.asked : "";
    document.body.classList.toggle("asking", Boolean(asked));
    ASKS.forEach((one) => document.body.classList.toggle(one, one === asked));
    if (asked) this.ring(first);
    this.panel(first);
    this.marks();
  }

  panel(first) {
    const state = this.gone || (first ? first.told.state : this.resting);
    if (!state) return;
    let text = state.line;
    if (first && first.told.left) {
      const left = Math.ceil((first.ends - performance.now()) / 1000);
      text = left > 0 || !first.told.later || first.told.asked ? text.replace("{s}", Math.max(left, 0)) : first.told.later;
    }
    const painted = [state.look, state.shape, state.word, text].join("\n");
    if (painted === this.painted) return; // a live region is read again when it is written again
    this.painted = painted;
    at("panel").className = state.look;
    shape("panel-shape", state.shape);
    at("word").textContent = state.word;
    at("sentence").textContent = text;
  }

  ring(one) {
    const left = Math.max(0, Math.ceil((one.ends - performance.now()) / 1000));
    at("seconds").textContent = left;
    const circle = at("ring-left");
    const key = `${one.told.track} ${one.told.asked}`;
    if (circle.dataset.of === key && circle.dataset.left >= one.told.left) return;
    circle.dataset.of = key;
    circle.dataset.left = one.told.left;
    circle.style.animationName = "none";
    circle.getBoundingClientRect(); // so that the animation starts anew
    circle.style.animationName = "";
    circle.style.animationDuration = `${one.told.left}s`;
  }

  // One small mark over each face, where the mirrored picture shows it.
  marks() {
    const tracks = [...this.faces.values()].filter((one) => one.told.track > 0); // 0: the crowd
    const key = tracks.map((one) => `${one.told.track} ${one.told.state.shape} ${one.told.x}`).join();
    if (key === this.marked) return;
    this.marked = key;
    at("marks").replaceChildren(
      ...tracks.map((one) => {
        const mark = made("i", one.told.state.look, "");
        mark.style.left = `${one.told.x}%`;
        mark.append(drawn(one.told.state.shape));
        return mark;
      }),
    );
  }
}
