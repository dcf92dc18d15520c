/** Shows, while a question is being written, how a player's phone will show it. The form works the same without. */

const form = document.querySelector("[data-question-form]");
const preview = document.querySelector("[data-preview]");

/** Shows a text, or what stands in its place as long as it is empty. */
function showText(element, text) {
  element.textContent = text.trim() || element.dataset.empty;
  element.classList.toggle("soft", !text.trim());
}

function showOption(item, text) {
  item.querySelector(".option__text").textContent = text.trim();
  item.hidden = !text.trim();
}

function show() {
  showText(preview.querySelector("[data-preview-text]"), form.elements.text.value);
  const items = preview.querySelector("[data-preview-options]").children;
  Array.from(items).forEach((item, index) => showOption(item, form.elements[`choice_${index + 1}`].value));
}

form.addEventListener("input", show);
show();
preview.hidden = false;
