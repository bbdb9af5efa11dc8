import { Wallet } from 'ethers'
import { describe, expect, it } from 'vitest'
import {
  decryptKeystore,
  encryptKeystore,
  KeyInvalidError,
  keystoreAddress,
} from '../../../src/adapters/keys/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { leaked, rejection } from '../../support/secrets.ts'

/** Test vector of the Web3 Secret Storage definition (ethereum.org, version 3). */
const vectorPassword = 'testpassword'
const vectorKey =
  '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'
const vectorAddress = '0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b'
const pbkdf2Vector = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
    ciphertext:
      '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
    kdf: 'pbkdf2',
    kdfparams: {
      c: 262144,
      dklen: 32,
      prf: 'hmac-sha256',
      salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
    },
    mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
}

/**
 * Test vector of web3.js's documentation, web3.eth.accounts.decrypt. (That of
 * the definition asks for N = 2^18 with r = 1, which RFC 7914 forbids.)
 */
const scryptPassword = 'test!'
const scryptKey =
  '0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318'
const scryptVector = {
  version: 3,
  id: '04e9bcbb-96fa-497b-94d1-14df4cd20af6',
  address: '2c7536e3605d9c16a7a3d7b1898e529396a65c23',
  crypto: {
    ciphertext:
      'a1c25da3ecde4e6a24f3697251dd15d6208520efc84ad97397e906e6df24d251',
    cipherparams: { iv: '2885df2b63f7ef247d753c82fa20038a' },
    cipher: 'aes-128-ctr',
    kdf: 'scrypt',
    kdfparams: {
      dklen: 32,
      salt: '4531b3c174cc3ff32a6a7a85d6761b410db674807b2d216d022318ceee50be10',
      n: 262144,
      r: 8,
      p: 1,
    },
    mac: 'b8b010fff37f9ae5559a352a185e86f9b9c1d7f7a9f1bd4e82a5dd35468fc7f6',
  },
}

/** The key with few rounds, so that many cases cost little. */
const cheap = await cheapKeystore()

describe('encryptKeystore', () => {
  const password = 'gr\u00fc\u00dfe \ud83d\udd11 p4ss'

  it('default: ethers opens it, and so do we', async () => {
    const shares: number[] = []
    const text = await encryptKeystore(vectorKey, password, (share) => {
      shares.push(share)
    })
    expect(JSON.parse(text)).toMatchObject({
      version: 3,
      address: vectorAddress.slice(2).toLowerCase(),
      crypto: {
        cipher: 'aes-128-ctr',
        kdf: 'scrypt',
        kdfparams: { n: 131072, r: 8, p: 1, dklen: 32 },
      },
    })
    expect(leaked(text, [vectorKey.slice(2), password])).toEqual([])
    expect(shares.length).toBeGreaterThan(2)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    const wallet = await Wallet.fromEncryptedJson(text, password)
    expect(wallet.privateKey).toBe(vectorKey)
    expect(await decryptKeystore(text, password, 'k')).toBe(vectorKey)
  })

  it('error: an empty password', async () => {
    await expect(encryptKeystore(vectorKey, '')).rejects.toThrow(
      new KeyInvalidError('the password is empty'),
    )
  })
})

describe('decryptKeystore', () => {
  it.each([
    ['scrypt', scryptVector, scryptPassword, scryptKey],
    ['pbkdf2', pbkdf2Vector, vectorPassword, vectorKey],
    ['a writer of capitals', capitals(pbkdf2Vector), vectorPassword, vectorKey],
  ])('default: the known vector of %s', async (_, vector, password, key) => {
    const text = JSON.stringify(vector)
    expect(await decryptKeystore(text, password, 'k')).toBe(key)
  })

  it('error: a wrong password', async () => {
    const wrong = 'wRoNgPaSsWoRd'
    const error = await rejection(decryptKeystore(cheap, wrong, 'k'))
    expect(error).toBeInstanceOf(KeyInvalidError)
    expect(error).toHaveProperty('message', 'the password of k is wrong')
    expect(leaked(error, [wrong])).toEqual([])
  })

  it('error: the key of another address', async () => {
    const address = `${'0'.repeat(39)}1`
    const text = JSON.stringify({ ...JSON.parse(cheap), address })
    const error = await rejection(decryptKeystore(text, vectorPassword, 'k'))
    expect(error).toHaveProperty(
      'message',
      'k holds the key of another address than it says',
    )
    expect(leaked(error, [vectorKey.slice(2)])).toEqual([])
  })

  const secret = `5ec${'7e7'.repeat(20)}`
  it.each([
    ['no JSON', secret],
    ['a list', `["${secret}"]`],
    ['a text', `"${secret}"`],
    ['null', 'null'],
    ['version 1', JSON.stringify({ ...pbkdf2Vector, version: 1 })],
    ['no cipher', `{"version":3,"${secret}":1}`],
    ['crypto null', '{"version":3,"crypto":null}'],
    ['no parameters', '{"version":3,"crypto":{}}'],
    ['another cipher', changed({ cipher: secret })],
    ['another function', changed({ kdf: secret })],
    ['no MAC', changed({ mac: undefined })],
  ])('error: %s', async (_, text) => {
    const error = await rejection(decryptKeystore(text, vectorPassword, 'k'))
    expect(error).toBeInstanceOf(KeyInvalidError)
    expect((error as Error).message).toMatch(/^k is no V3 keystore/)
    expect(leaked(error, [secret, vectorPassword])).toEqual([])
  })

  it.each([
    ['N', { n: 2 ** 30, r: 8, p: 1 }],
    ['r', { n: 2 ** 17, r: 2 ** 20, p: 1 }],
    ['p', { n: 1024, r: 1, p: 10 ** 6 }],
    ['c', { c: 10 ** 9 }],
    ['no number', { n: 'x', r: 8, p: 1 }],
  ])('error: a cost that would stop the machine: %s', async (_, cost) => {
    const kdfparams = { ...scryptVector.crypto.kdfparams, ...cost }
    const text = changed({ kdfparams })
    await expect(decryptKeystore(text, 'x', 'k')).rejects.toThrow(
      'k asks for more work than is reasonable',
    )
    // Of two entries the one that is used is the one that was checked.
    const { Crypto: crypto, ...rest } = JSON.parse(cheap)
    const both = JSON.stringify({
      ...rest,
      CRYPTO: JSON.parse(text).crypto,
      crypto,
    })
    expect(await decryptKeystore(both, vectorPassword, 'k')).toBe(vectorKey)
    const hidden = JSON.stringify({
      ...rest,
      crypto,
      CRYPTO: JSON.parse(text).crypto,
    })
    await expect(decryptKeystore(hidden, 'x', 'k')).rejects.toThrow('more work')
  })
})

describe('keystoreAddress', () => {
  it('default', () => {
    expect(keystoreAddress(cheap, 'k')).toBe(vectorAddress)
    expect(keystoreAddress(JSON.stringify(pbkdf2Vector), 'k')).toBe(undefined)
  })
  it('error: malformed', () => {
    const text = JSON.stringify({ ...pbkdf2Vector, address: 'x' })
    expect(() => keystoreAddress(text, 'k')).toThrow(
      'k has a malformed address',
    )
  })
})

function changed(fields: object): string {
  const crypto = { ...pbkdf2Vector.crypto, ...fields }
  return JSON.stringify({ ...pbkdf2Vector, crypto })
}

function capitals({ crypto, version, id }: typeof pbkdf2Vector): object {
  const { kdfparams, ...rest } = crypto
  return { Version: version, ID: id, Crypto: { ...rest, KdfParams: kdfparams } }
}

async function cheapKeystore(): Promise<string> {
  const { encryptKeystoreJson } = await import('ethers')
  const account = { address: vectorAddress, privateKey: vectorKey as Hex }
  return encryptKeystoreJson(account, vectorPassword, {
    scrypt: { N: 2, r: 8, p: 1 },
  })
}
