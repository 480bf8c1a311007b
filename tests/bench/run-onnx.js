#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The GIMP Autoencoder authors
//
// run-onnx.js - runs a model that to-onnx.py wrote in ONNX Runtime (npm's
// onnxruntime-node) and times it.
//
//   run-onnx.js MODEL.onnx WIDTH HEIGHT SIGMA THREADS REPEATS <PLANES >RESULT     float [3][height][width]
//
// Seconds of the best run come as JSON on standard error.

'use strict';

const fs = require('fs');
const ort = require('onnxruntime-node');

async function main([path, ...numbers]) {
  const [width, height, sigma, threads, repeats] = numbers.map(Number);
  const session = await ort.InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  const raw = fs.readFileSync(0);
  const planes = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
  const feeds = { picture: new ort.Tensor('float32', planes, [1, 3, height, width]) };
  if (session.inputNames.includes('sigma')) {
    const plane = new Float32Array(width * height).fill(sigma / 255);
    feeds.sigma = new ort.Tensor('float32', plane, [1, 1, height, width]);
  }
  let result = await session.run(feeds);
  let best = Infinity;
  for (let r = 0; r < repeats; r++) {
    const begin = process.hrtime.bigint();
    result = await session.run(feeds);
    best = Math.min(best, Number(process.hrtime.bigint() - begin) * 1e-9);
  }
  const data = result.result.data;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at < bytes.length;)
    at += fs.writeSync(1, bytes, at);
  const version = require('onnxruntime-node/package.json').version;
  process.stderr.write(JSON.stringify({ version, seconds: { exact: best } }));
}

if (process.argv.length !== 8) {
  process.stderr.write('usage: run-onnx.js MODEL.onnx WIDTH HEIGHT SIGMA THREADS REPEATS\n');
  process.exit(2);
}
main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`run-onnx.js: ${error.message}\n`);
  process.exit(1);
});
