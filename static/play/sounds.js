/** Few and short sounds, made here: sines that swell and fade. Loaded when the first one is to be heard. */

/** Calm: a quarter of what the device is set to. */
const VOLUME = 0.25;

/** Hertz, each with its beginning and its length in seconds. */
const NOTES = {
  join: [[880, 0, 0.12]],
  opens: [[523, 0, 0.15], [784, 0.12, 0.3]],
  tick: [[660, 0, 0.06]],
  reveal: [[392, 0, 0.2], [587, 0.15, 0.4]],
  podium: [[523, 0, 0.2], [659, 0.18, 0.2], [784, 0.36, 0.2], [1047, 0.54, 0.7]],
};

const SWELL_S = 0.015;
const SILENCE = 0.0001;

let context = null;

export function play(name) {
  context ??= new AudioContext();
  context.resume();
  for (const note of NOTES[name]) sound(...note);
}

function sound(hertz, begins, lasts) {
  const from = context.currentTime + begins;
  const gain = new GainNode(context, { gain: SILENCE });
  gain.gain.setValueAtTime(SILENCE, from);
  gain.gain.exponentialRampToValueAtTime(VOLUME, from + SWELL_S);
  gain.gain.exponentialRampToValueAtTime(SILENCE, from + lasts);
  const tone = new OscillatorNode(context, { frequency: hertz });
  tone.connect(gain).connect(context.destination);
  tone.start(from);
  tone.stop(from + lasts);
}
