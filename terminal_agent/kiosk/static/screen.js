// The kiosk's screen: shows what the server tells, knows no sentence of its own. Names and sentences
// are put in as text, never as HTML.
import { Cards } from "/static/cards.js";
import { Keypad } from "/static/keypad.js";
import { Prompts } from "/static/prompts.js";
import { at, shape, word } from "/static/page.js";

const SILENT_MS = 15000; // three beats of the server
const LAMP_MS = 60000; // the lamp stays on: it is what made the light good again
const body = document.body;
const prompts = new Prompts();
const cards = new Cards();
const keypad = new Keypad(prompts);
let build = "";
let heard = performance.now();
let source = null;
let lit = -LAMP_MS;
let light = "ok";

function clock(told) {
  at("time").textContent = told.time;
  at("date").textContent = told.date;
  const root = document.documentElement;
  if (!root.classList.contains("fixed")) {
    root.classList.toggle("night", told.theme === "night");
    root.classList.toggle("day", told.theme === "day");
  }
}

function line(told) {
  at("line").className = told.look;
  shape("line-shape", told.shape);
  at("line-text").textContent = told.text;
  for (const [id, text] of [["doubt", told.doubt], ["alert", told.alert]]) {
    at(id).textContent = text;
    at(id).hidden = !text;
  }
}

function rest(told) {
  const picture = at("preview");
  if (told.preview && picture.hidden) picture.src = `/preview?n=${Date.now()}`;
  if (!told.preview) picture.removeAttribute("src");
  picture.hidden = !told.preview;
  body.classList.toggle("blind", !told.preview);
  light = told.light;
  lamp();
  prompts.rest(told.rest);
}

function lamp() {
  if (light === "dark") lit = performance.now();
  const on = performance.now() - lit < LAMP_MS;
  document.documentElement.classList.toggle("fill", on);
}

function away() {
  body.classList.add("away");
  prompts.away({ look: "checking", shape: "dots", word: word("away"), line: word("away_say") });
}

function whole(told) {
  if (build && build !== told.build) location.reload();
  build = told.build;
  body.classList.remove("start");
  clock(told.clock);
  line(told.line);
  cards.tail(told.tail);
  prompts.forget();
  if (!told.here) {
    rest(told);
    away();
    return;
  }
  body.classList.remove("away");
  prompts.back();
  rest(told);
  told.faces.forEach((face) => prompts.face(face));
}

const TAKES = {
  whole,
  clock,
  line,
  rest,
  face: (told) => prompts.face(told),
  card: (told) => {
    prompts.done(told.card.track);
    cards.show(told.card);
    cards.tail(told.tail);
  },
};

function listen() {
  if (source) source.close();
  source = new EventSource(`/events?lang=${document.documentElement.lang}`);
  heard = performance.now();
  for (const [name, take] of Object.entries(TAKES)) {
    source.addEventListener(name, (event) => {
      heard = performance.now();
      take(JSON.parse(event.data));
    });
  }
  source.addEventListener("error", () => {
    away();
    at("preview").hidden = true; // a picture that stands still would mislead
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  });
}

setInterval(() => {
  prompts.tick();
  keypad.tick();
  lamp();
  if (performance.now() - heard > SILENT_MS) {
    away();
    listen();
  }
}, 250);
listen();
