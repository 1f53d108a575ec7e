// The kiosk's own screen while the kiosk has no name: the code, and what is going on.
"use strict";

const at = (id) => document.getElementById(id);
let code = null;

async function standing() {
  const answer = await fetch(`/standing?lang=${document.body.dataset.lang}`);
  if (!answer.ok) throw new Error(answer.status);
  const now = await answer.json();
  at("word").textContent = now.word;
  at("address").textContent = now.address ? `${now.address}/setup` : "";
  at("code").textContent = now.code;
  const open = Boolean(now.address) && !now.done;
  at("qr").hidden = !open;
  at("how").hidden = !open;
  if (open && now.address + now.code !== code) {
    code = now.address + now.code;
    at("qr").src = `/qr.svg?of=${encodeURIComponent(code)}`;
  }
}

// When the server goes, the kiosk's own screen takes its place at the same address.
async function look() {
  try {
    await standing();
  } catch {
    code = null;
    const there = await fetch("/healthz").then((a) => a.text(), () => "");
    if (there && there !== "setup") location.reload();
  }
  setTimeout(look, 2000);
}

look();
