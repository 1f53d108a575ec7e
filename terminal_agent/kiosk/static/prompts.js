// What the panel says: a challenge first, then what became of a face, then that the kiosk is ready.
import { at, drawn, made, shape, word } from "/static/page.js";

const ORDER = ["ask", "failed", "unknown", "hold", "expect", "look", "crowd"];
// How long (ms) a face counts without news of it: the camera may have died.
const KEPT = { failed: 4000, unknown: 4000, hold: 6000, look: 8000, crowd: 4000, expect: 10000 };
const TYPED = -1; // in the place of a track: somebody whose NIP was typed
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
      // "unknown" and "failed" are read after the face has gone as well.
      const old = this.faces.get(told.track);
      if (old && !["unknown", "failed"].includes(old.told.progress)) this.faces.delete(told.track);
    } else {
      if (told.track !== TYPED) this.faces.delete(TYPED); // somebody came for whom the NIP was typed
      const ends = now + told.left * 1000;
      const kept = told.progress === "ask" ? told.left * 1000 + 3000 : KEPT[told.progress];
      this.faces.set(told.track, { told, ends, until: Math.max(now + kept, told.left ? ends + 1500 : 0) });
    }
    this.paint();
  }

  expect() {
    const state = { look: "ask", shape: "face", word: word("expect"), line: word("expect_say") };
    this.face({ track: TYPED, progress: "expect", asked: "", left: 0, x: 50, state, later: "" });
  }

  // The person of this track has a card.
  done(track) {
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
    const tracks = [...this.faces.values()].filter((one) => one.told.track !== TYPED);
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
