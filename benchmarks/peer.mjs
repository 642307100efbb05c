// A quotation that looks for itself, as it does in Hypothesis's client: where the exact words stand if they stand
// anywhere, else wherever half of their letters do; of all such places the one that scores best by the likeness of
// words (50), of what is before and behind (20 each) and by nearness to the old place (2).
//
// node peer.mjs FOLDER, where FOLDER has approx-string-match installed. Each line of the input is a job,
// {text, quotations: [{exact, prefix, suffix, hint}], rounds}; the answer is one object.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const entry = createRequire(join(resolve(process.argv[2]), "here.js")).resolve("approx-string-match");
const module = await import(pathToFileURL(entry));
const approximate = module.default?.default ?? module.default;

const WEIGHTS = { words: 50, prefix: 20, suffix: 20, nearness: 2 };
const MOST_ERRORS = 256;

function places(text, words, errors) {
  const found = [];
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    found.push({ start: at, end: at + words.length, errors: 0 });
  }
  return found.length ? found : approximate(text, words, errors);
}

function likeness(text, words) {
  if (!text || !words) return 0;
  return 1 - places(text, words, words.length)[0].errors / words.length;
}

function score(text, { exact, prefix, suffix, hint }, { start, end, errors }) {
  const before = text.slice(Math.max(0, start - prefix.length), start);
  const behind = text.slice(end, end + suffix.length);
  return (
    WEIGHTS.words * (1 - errors / exact.length) +
    WEIGHTS.prefix * (prefix ? likeness(before, prefix) : 1) +
    WEIGHTS.suffix * (suffix ? likeness(behind, suffix) : 1) +
    WEIGHTS.nearness * (1 - Math.abs(start - hint) / text.length)
  );
}

function anchor(text, quotation) {
  let best = null;
  let most = -Infinity;
  const { exact } = quotation;
  for (const place of exact ? places(text, exact, Math.min(MOST_ERRORS, exact.length / 2)) : []) {
    const points = score(text, quotation, place);
    if (points > most) {
      most = points;
      best = [place.start, place.end];
    }
  }
  return best;
}

function answer({ text, quotations, rounds = 1 }) {
  const ms = [];
  let found;
  for (let round = 0; round < rounds; round++) {
    const began = process.cpuUsage();
    found = quotations.map((quotation) => anchor(text, quotation));
    const { user, system } = process.cpuUsage(began);
    ms.push((user + system) / 1000);
  }
  return { places: found, ms };
}

let folder = dirname(entry);
let about;
do {
  try {
    about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    folder = dirname(folder);
  }
} while (!about);
const version = `${about.name} ${about.version} on Node ${process.versions.node}`;
const jobs = readFileSync(0, "utf8").split("\n").filter(Boolean).map(JSON.parse);
console.log(JSON.stringify({ version, answers: jobs.map(answer) }));
