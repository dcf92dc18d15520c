/*
 * /system/monitor: shows what the monitor listener tells, over a TCPSocket. Its frames are JSON lists, each ended by
 * "~": first ["INIT", [column, …]], then ["UPDATE", {column: value, …}] with what has changed.
 */
(function () {
  "use strict";

  const END = "~";
  const NAMES = {
    user: "User",
    pid: "Process",
    cpu: "CPU (% of one core)",
    mem: "Memory (bytes)",
    connections: "Sessions",
  };

  const table = document.getElementById("monitor");
  const state = document.getElementById("state");
  const cells = new Map();
  let unread = "";

  const handlers = {
    INIT(columns) {
      columns.forEach(addRow);
      state.textContent = "Connected.";
    },
    UPDATE(changes) {
      for (const [column, value] of Object.entries(changes)) {
        cells.get(column).textContent = value.toLocaleString(undefined, { useGrouping: column !== "pid" });
      }
    },
  };

  function addRow(column) {
    const row = table.tBodies[0].insertRow();
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = NAMES[column] || column;
    row.append(name);
    cells.set(column, row.insertCell());
  }

  function read(text) {
    const frames = (unread + text).split(END);
    unread = frames.pop();
    for (const [kind, content] of frames.map((frame) => JSON.parse(frame))) {
      handlers[kind](content);
    }
  }

  const socket = new Orbited.TCPSocket();
  socket.onread = read;
  socket.onclose = (code) => {
    state.textContent = `The connection has ended (${code}). Load the page again to go on.`;
  };
  socket.open(table.dataset.host, Number(table.dataset.port));
})();
