// The cards of those who were just recorded: four at once, each for some seconds, and the list of the
// last few. A new card never waits for an old one.
import { at, drawn, made } from "/static/page.js";

const MOST = 4;

export class Cards {
  constructor() {
    this.list = at("cards");
    this.shown = new Map(); // key -> { item, timer }
  }

  show(card) {
    this.drop(card.key);
    while (this.shown.size >= MOST) this.drop(this.shown.keys().next().value);
    const item = document.createElement("li");
    item.className = card.look;
    item.append(drawn(card.shape), made("span", "word", card.word));
    if (card.hello) item.append(made("span", "hello", card.hello));
    item.append(made("span", "line", card.line));
    if (card.code) item.append(made("span", "code", card.code));
    const timer = setTimeout(() => this.drop(card.key), card.stay * 1000);
    this.shown.set(card.key, { item, timer });
    this.list.append(item);
    this.count();
  }

  drop(key) {
    const old = this.shown.get(key);
    if (!old) return;
    clearTimeout(old.timer);
    old.item.remove();
    this.shown.delete(key);
    this.count();
  }

  count() {
    this.list.dataset.count = this.shown.size;
  }

  tail(people) {
    document.body.classList.toggle("told", people.length > 0);
    at("names").replaceChildren(
      ...people.map((one) => {
        const item = made("li", one.look, "");
        item.append(drawn(one.shape), made("span", "name", one.name), made("span", "at", one.at));
        return item;
      }),
    );
  }
}
