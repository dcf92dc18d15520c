/** Shows `picture` ({url, width, height, alt}) in `slot`, or nothing. Its place is kept before it has come. */
export function showPicture(slot, picture = null) {
  const address = picture?.url ?? "";
  slot.hidden = !picture;
  if ((slot.dataset.address ?? "") === address) return;
  slot.dataset.address = address;
  slot.replaceChildren(...(picture ? [image(picture)] : []));
}

function image({ url, width, height, alt }) {
  const element = new Image(width, height);
  element.alt = alt;
  element.decoding = "async";
  element.draggable = false;
  element.style.setProperty("--ratio", width / height);
  element.src = url;
  return element;
}
