/** Shows, while a question is being written, how a player's phone will show it. The form works the same without. */

import { showQuestion, showText } from "../rich/rich.js";

/** So long after the last letter the server is asked what becomes of formatted texts. */
const PAUSE_MS = 250;

const form = document.querySelector("[data-question-form]");
const preview = document.querySelector("[data-preview]");
const heading = preview.querySelector("[data-preview-text]");
const body = preview.querySelector("[data-preview-body]");
const picture = preview.querySelector("[data-preview-picture]");
const options = Array.from(preview.querySelector("[data-preview-options]")?.children ?? []);

/** The picture of each field as it will be: data of a chosen file, the address of a kept one, or "". */
const pictures = new Map();
let timer = null;

/** The options as they will be stored: [{text, picture}], without the rows that are empty. */
function choices() {
  const rows = Array.from(form.querySelectorAll("input[name^=choice_]"), (input) => ({
    text: input.value.trim(),
    picture: pictures.get(input.name.replace("choice", "picture")) ?? "",
  }));
  return rows.filter((row) => row.text || row.picture);
}

/** `trees` are those of the texts; without them the texts are shown as they are. */
function show(trees = null) {
  const text = form.elements.text.value.trim();
  showQuestion(heading, body, { text: text || heading.dataset.empty, rich: text ? (trees?.text ?? null) : null });
  heading.classList.toggle("soft", !text);
  showPicture(picture, pictures.get("picture"));
  const rows = choices();
  options.forEach((item, index) => {
    showText(item.querySelector("[data-preview-words]"), rows[index]?.text ?? "", trees?.choices[index]);
    showPicture(item.querySelector("img"), rows[index]?.picture);
    item.hidden = index >= rows.length;
  });
}

function showPicture(image, source) {
  image.hidden = !source;
  if (source) image.src = source;
}

function written() {
  clearTimeout(timer);
  if (preview.dataset.url) timer = setTimeout(showFormatted, PAUSE_MS);
  else show();
}

async function showFormatted() {
  const response = await fetch(preview.dataset.url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: JSON.stringify({ text: form.elements.text.value.trim(), choices: choices().map(({ text }) => text) }),
  });
  show(response.ok ? await response.json() : null);
}

/** A chosen file, unless it is too large: then the form says so before anything is sent. */
function chosen(input) {
  const [file] = input.files;
  const heavy = file && file.size > Number(input.dataset.maxBytes);
  input.setCustomValidity(heavy ? input.dataset.tooLarge : "");
  if (heavy) input.reportValidity();
  if (!file || heavy) return keep(input.dataset.picture, keptAddress(input));
  const reader = new FileReader();
  reader.onload = () => keep(input.dataset.picture, reader.result);
  return reader.readAsDataURL(file);
}

function keep(name, source) {
  pictures.set(name, source);
  written();
}

function keptAddress(input) {
  const kept = input.closest(".picture-field").querySelector("img");
  return kept && !form.elements[`${input.dataset.picture}_removed`].checked ? kept.src : "";
}

for (const input of form.querySelectorAll("[data-picture]")) pictures.set(input.dataset.picture, keptAddress(input));
form.addEventListener("input", written);
form.addEventListener("change", ({ target }) => {
  const field = target.closest(".picture-field");
  if (field) chosen(field.querySelector("[data-picture]"));
});
show();
written();
preview.hidden = false;
