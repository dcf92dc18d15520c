/*
 * Orbited.utf8: text and byte strings (one character for each byte). decode answers with the text and how many bytes it
 * took: the beginning of a character whose end is still to come is left.
 */
(function () {
  "use strict";

  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  function encode(text) {
    return Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte)).join("");
  }

  function decode(bytes) {
    const whole = bytes.slice(0, bytes.length - unfinished(bytes));
    return [decoder.decode(Uint8Array.from(whole, (character) => character.charCodeAt(0))), whole.length];
  }

  /** How many bytes at the end begin a character that needs more of them. */
  function unfinished(bytes) {
    for (let count = 1; count <= Math.min(3, bytes.length); count += 1) {
      const byte = bytes.charCodeAt(bytes.length - count);
      if (byte < 0x80) return 0;
      if (byte >= 0xc0) return length(byte) > count ? count : 0;
    }
    return 0;
  }

  function length(first) {
    if (first >= 0xf0) return 4;
    return first >= 0xe0 ? 3 : 2;
  }

  Orbited.utf8 = { encode, decode };
})();
