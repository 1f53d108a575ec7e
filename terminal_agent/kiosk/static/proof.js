// A face that proves a NIP: a witness's, or of whom their own list is shown. The agent does what was
// asked for once the camera has recognised that person, so it is asked until then.
import { asked } from "/static/asked.js";

const PATIENCE_MS = 30000;
const EVERY_MS = 700;

export class Proof {
  constructor(prompts) {
    this.prompts = prompts;
    this.turn = 0; // whose answers still count
  }

  // Somebody else is at the keypad: nothing of the one before may show up any more.
  drop() {
    this.turn += 1;
    this.prompts.proven();
  }

  async wait(form, values, done) {
    this.drop();
    const { turn } = this;
    const until = performance.now() + PATIENCE_MS;
    this.prompts.prove(form.face.word, 2 * PATIENCE_MS); // until it is over
    for (;;) {
      const told = await asked(form.to, values);
      if (this.turn !== turn) return;
      if (told.ok || told.code !== "not_recognised" || performance.now() > until) {
        this.prompts.proven();
        if (told.ok) done(told);
        else this.prompts.refuse(told.line);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}
