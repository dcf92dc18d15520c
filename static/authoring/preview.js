/** Shows, while a question is being written, how a player's phone will show it. The form works the same without. */

const form = document.querySelector("[data-question-form]");
const preview = document.querySelector("[data-preview]");

/** Shows a text, or what stands in its place as long as it is empty. */
function showText(element, text) {
  element.textContent = text.trim() || element.dataset.empty;
  element.classList.toggle("soft", !text.trim());
}

/** The options as they will be stored: without the rows that are empty. */
function texts() {
  const rows = Array.from(form.querySelectorAll("[name^=choice_]"), (input) => input.value.trim());
  return rows.filter((text) => text);
}

function show() {
  showText(preview.querySelector("[data-preview-text]"), form.elements.text.value);
  const options = texts();
  Array.from(preview.querySelector("[data-preview-options]").children).forEach((item, index) => {
    item.querySelector(".option__text").textContent = options[index] ?? "";
    item.hidden = index >= options.length;
  });
}

form.addEventListener("input", show);
show();
preview.hidden = false;
