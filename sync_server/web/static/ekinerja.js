"use strict";
// "Select all" exists only where it works: without JavaScript each box is ticked by hand.
for (const all of document.querySelectorAll("input[data-all]")) {
  const boxes = all.form.querySelectorAll(`input[type=checkbox][name=${all.dataset.all}]`);
  all.closest("label").hidden = false;
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  boxes.forEach((box) => box.addEventListener("change", () => {
    all.checked = [...boxes].every((one) => one.checked);
  }));
}
