import { expect, it } from 'vitest'
import { requireNode } from '../../src/cli/requireNode.ts'

it('default: the Node.js of the tests will do', () => {
  expect(() => requireNode()).not.toThrow()
})

it('error: an older one, in one line', () => {
  expect(() => requireNode('20.20.2')).toThrow(
    'Node.js 20.20.2 is older than 22.18',
  )
})
