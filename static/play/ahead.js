/** While a name is chosen: what is proposed gives way to the first letter of an own one, and the next page is prepared. */

const proposed = document.querySelector("[data-proposed]");

/** Some browsers set the caret after the focus has come. */
function select() {
  setTimeout(() => proposed.select());
}

/** Loads the next page's scripts into the browser's cache once this page is there. What fails, that page loads. */
function ahead() {
  for (const address of JSON.parse(document.getElementById("ahead").textContent)) {
    fetch(address, { priority: "low" }).then((answer) => answer.arrayBuffer()).catch(() => {});
  }
}

proposed?.addEventListener("focus", select, { once: true });
if (proposed && document.activeElement === proposed) select();
if (document.readyState === "complete") ahead();
else addEventListener("load", ahead);
