"use strict";
// A choice that is sent as it is made; without JavaScript its button stays.
for (const choice of document.querySelectorAll("select[data-submit]")) {
  choice.form.classList.add("sends-itself");
  choice.addEventListener("change", () => choice.form.requestSubmit());
}
