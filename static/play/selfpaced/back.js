/** The key of an own link stands behind the #, which no server sees: it goes into the form. */

document.querySelector("[data-key]").value = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
