#!/usr/bin/env node
// The compiler that npm carries, with the command line that forge expects of solc.
const { readFileSync } = require('node:fs')
const solc = require('solc')

const [option] = process.argv.slice(2)
if (option === '--version')
  process.stdout.write(
    `solc, the solidity compiler commandline interface\nVersion: ${solc.version().replace('Emscripten.clang', 'Linux.g++')}\n`,
  )
else process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
