// The steps on a technician's phone. Every sentence comes from the kiosk.
"use strict";

const at = (id) => document.getElementById(id);
const words = document.body.dataset;
const numbers = ["quota_mb", "comm_key", "port"];
let busy = false;
let filled = false;

async function ask(step, form) {
  try {
    const answer = await fetch(`/setup/${step}?lang=${words.lang}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(form),
    });
    return { status: answer.status, ...(await answer.json()) };
  } catch {
    return { status: 0, ok: false, line: words.away };
  }
}

function say(reply) {
  const said = at("said");
  said.textContent = reply.line;
  said.hidden = !reply.line;
  said.className = reply.ok ? "good" : "bad";
}

function read(form) {
  const told = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === "checkbox") told[field.name] = field.checked;
    else if (numbers.includes(field.name)) told[field.name] = Number(field.value || 0);
    else told[field.name] = field.value.trim();
  }
  return told;
}

function item(text, label, act) {
  const line = document.createElement("li");
  const words_ = document.createElement("span");
  words_.textContent = text;
  line.append(words_);
  if (act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "second";
    button.textContent = label;
    button.addEventListener("click", act);
    line.append(button);
  }
  return line;
}

function use(found) {
  const form = at("device");
  form.elements.host.value = found.host;
  form.elements.port.value = found.port;
  form.elements.udp.checked = found.udp;
  form.elements[found.needs_key ? "comm_key" : "name"].focus();
}

function show(page) {
  if (!page.place) return;
  at("enter").hidden = true;
  at("steps").hidden = Boolean(page.kid);
  at("done").hidden = !page.kid;
  at("kid").textContent = page.kid;
  if (page.kid) return;
  if (!filled) {
    const form = document.querySelector("[data-step=place]");
    for (const [name, value] of Object.entries(page.place)) form.elements[name].value = value;
    at("camera").elements.source.value = page.camera;
    filled = true;
  }
  const name = at("device").elements.name;
  if (!name.value || page.devices.some((one) => one.name === name.value)) name.value = page.free_name;
  at("devices").replaceChildren(...page.devices.map((one) =>
    item(`${one.name}: ${one.line}`, words.remove, one.fresh && (() => step("forget", { name: one.name })))));
  if (!page.devices.length) at("devices").append(item(words.nothing));
  at("found").replaceChildren(...page.found.map((one) => item(one.line, words.use, () => use(one))));
  at("ports").replaceChildren(...page.ports.map((one) =>
    item(one.line, words.use, () => step("port", { port: one.name }))));
  at("cameras").replaceChildren(...page.cameras.map((one) => new Option(one.line, one.name)));
  if (!at("camera").elements.source.value && page.cameras.length)
    at("camera").elements.source.value = page.cameras[0].name;
}

async function step(name, form) {
  if (busy) return null;
  busy = true;
  document.body.classList.add("busy");
  const seeing = name === "scan" ? setInterval(picture, 700) : 0;
  const reply = await ask(name, form);
  clearInterval(seeing);
  busy = false;
  document.body.classList.remove("busy");
  say(reply);
  show(reply);
  if (reply.status === 401) {
    at("enter").hidden = false;
    at("steps").hidden = true;
  }
  if (name === "camera" && reply.ok && form.source) picture();
  if (reply.pass_text) at("join").elements.text.value = reply.pass_text;
  if (reply.waiting) setTimeout(() => step("join", form), 5000);
  return reply;
}

function picture() {
  at("picture").hidden = false;
  at("picture").src = `/setup/picture?at=${performance.now()}`;
}

async function enter(code) {
  const reply = await ask("enter", { code });
  say(reply);
  if (reply.ok) await step("now", {});
}

for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const told = read(form);
    if (form.dataset.step === "enter") enter(told.code);
    else if (form.dataset.step === "look") step("look", { ...told, comm_key: read(at("device")).comm_key });
    else step(form.dataset.step, told);
  });
}
at("scan").addEventListener("click", () => step("scan", {}));
at("picture").addEventListener("error", () => { at("picture").hidden = true; });

// The code came with the QR; it is taken out of the address before anybody sees it there.
const brought = location.hash.slice(1);
history.replaceState(null, "", location.pathname + location.search);
if (brought) enter(brought);
else ask("now", {}).then((reply) => { if (reply.ok) show(reply); });
