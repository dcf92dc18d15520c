/** Loads the next page's scripts into the browser's cache once this page is there. What fails, that page loads. */

function ahead() {
  for (const address of JSON.parse(document.getElementById("ahead").textContent)) {
    fetch(address, { priority: "low" }).then((answer) => answer.arrayBuffer()).catch(() => {});
  }
}

if (document.readyState === "complete") ahead();
else addEventListener("load", ahead);
