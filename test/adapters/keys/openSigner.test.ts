import {
  chmodSync,
  mkdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { encryptKeystoreJson, Transaction, Wallet } from 'ethers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  checkNewSecretFile,
  createSecretFile,
  KeyInvalidError,
  mnemonicPrivateKey,
  openSigner,
  parsePrivateKey,
  randomPrivateKey,
  readKeyAddress,
  withoutSecrets,
} from '../../../src/adapters/keys/index.ts'
import { newFolder } from '../../support/newFolder.ts'
import { leaked, rejection } from '../../support/secrets.ts'

/** Key, mnemonic and address that every development chain knows. */
const key = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const mnemonic = `${'test '.repeat(11)}junk`
const password = 'a password'

const path = newFolder()
afterEach(() => vi.unstubAllEnvs())

describe('openSigner', () => {
  const transaction = {
    chainId: 8453,
    nonce: 7,
    to: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    data: '0x1234',
    value: 5n,
    gasLimit: 100_000n,
    maxFeePerGas: 3n,
    maxPriorityFeePerGas: 2n,
  } as const

  it.each(['env', 'file', 'keystore'])(
    'default: %s: signs as ethers does, and shows no key',
    async (kind) => {
      const signer = await openSigner(await reference(kind), { password })
      expect(signer.address).toBe(address)
      const raw = await signer.signTransaction(transaction)
      const wallet = new Wallet(key)
      expect(raw).toBe(
        await wallet.signTransaction({ ...transaction, type: 2 }),
      )
      expect(Transaction.from(raw).from).toBe(address)
      expect(leaked(signer, [key.slice(2), BigInt(key).toString()])).toEqual([])
      // Control: one that held it would show it.
      const { privateKey } = wallet
      expect(leaked({ ...signer, privateKey }, [key.slice(2)])).toHaveLength(1)
    },
  )

  it('behavior: without `to` it deploys', async () => {
    vi.stubEnv('APEX_TEST_KEY', key)
    const { to: _, ...creation } = transaction
    const signer = await openSigner('env:APEX_TEST_KEY')
    const raw = await signer.signTransaction(creation)
    expect(Transaction.from(raw)).toMatchObject({ to: null, from: address })
  })

  it('behavior: a password is asked for only where one is needed', async () => {
    const ask = vi.fn(async () => password)
    await openSigner(await reference('env'), { password: ask })
    expect(ask).toHaveBeenCalledTimes(0)
    await openSigner(await reference('keystore'), { password: ask })
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('error: a keystore without a password', async () => {
    await expect(openSigner(await reference('keystore'))).rejects.toThrow(
      /^keystore .* needs its password$/,
    )
  })
})

describe('readKeyAddress', () => {
  it.each(['env', 'file', 'keystore'])('default: %s', async (kind) => {
    expect(await readKeyAddress(await reference(kind))).toBe(address)
  })

  it('behavior: a password proves the keystore', async () => {
    const lying = path('lying.json')
    const text = JSON.parse(await readFile(path('k.json'), 'utf8'))
    text.address = `${'0'.repeat(39)}1`
    writeFileSync(lying, JSON.stringify(text), { mode: 0o600 })
    expect(await readKeyAddress(`keystore:${lying}`)).toMatch(/^0x0+1$/)
    await expect(
      readKeyAddress(`keystore:${lying}`, { password }),
    ).rejects.toThrow('another address than it says')
    delete text.address
    const silent = path('silent.json')
    writeFileSync(silent, JSON.stringify(text), { mode: 0o600 })
    const needy = readKeyAddress(`keystore:${silent}`)
    await expect(needy).rejects.toThrow('does not name its address')
    expect(await readKeyAddress(`keystore:${silent}`, { password })).toBe(
      address,
    )
  })
})

describe('malformed keys', () => {
  const planted = [
    ['one digit short', key.slice(0, -1)],
    ['one digit long', `${key}0`],
    ['a letter that is no digit', `${key.slice(0, -1)}g`],
    ['two keys', `${key}\n${key}`],
    ['a mnemonic', mnemonic],
    ['quoted', `"${key}"`],
    ['zero', `0x${'0'.repeat(64)}`],
    [
      'the order of the group',
      '0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
    ],
    ['above it', `0x${'f'.repeat(64)}`],
  ] as const

  it.each(planted)('%s: no error repeats it', async (_, text) => {
    vi.stubEnv('APEX_TEST_KEY', text)
    const file = path('malformed')
    writeFileSync(file, text, { mode: 0o600 })
    const keystore = path('malformed.json')
    writeFileSync(keystore, text, { mode: 0o600 })
    const secrets = [text, text.slice(2, 34), text.slice(4, 60)]
    for (const from of [
      'env:APEX_TEST_KEY',
      `file:${file}`,
      `keystore:${keystore}`,
      // In place of the reference, or within it.
      text,
      `key:${text}`,
      `env:${text}`,
      `file:${text}`,
      `keystore:${text}`,
    ]) {
      const error = await rejection(openSigner(from, { password: text }))
      expect(error).toBeInstanceOf(KeyInvalidError)
      expect((error as Error).cause).toBe(undefined)
      expect(leaked(error, secrets), from).toEqual([])
    }
    // Controls: the search finds what is there, and a mistake in it would show.
    expect(leaked(new KeyInvalidError(text), secrets)).toEqual(secrets)
    const deep = new Error('a', { cause: new Error('b', { cause: { key } }) })
    expect(leaked(deep, [key.slice(2)])).toHaveLength(1)
  })

  it.each([key, key.slice(2), ` ${key.toUpperCase().replace('X', 'x')}\r\n`])(
    'control: %j is a key',
    (text) => {
      expect(parsePrivateKey(text)).toBe(key)
    },
  )
  it('control: the greatest key is one', () => {
    const greatest =
      '0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140'
    expect(parsePrivateKey(greatest)).toBe(greatest)
  })
})

describe('randomPrivateKey', () => {
  it('default: keys, no two the same', () => {
    const keys = Array.from({ length: 1000 }, randomPrivateKey)
    for (const one of keys) expect(parsePrivateKey(one)).toBe(one)
    expect(new Set(keys).size).toBe(1000)
  })
})

describe('mnemonicPrivateKey', () => {
  it('default: as wallets derive it', async () => {
    expect(await mnemonicPrivateKey(` ${mnemonic.toUpperCase()}\n`, 0)).toBe(
      key,
    )
    const second = await mnemonicPrivateKey(mnemonic, 1)
    expect(new Wallet(second).address).toBe(
      '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    )
  })
  it.each([
    ['a wrong checksum', `${'test '.repeat(11)}test`],
    ['an unknown word', `${'test '.repeat(11)}apexapex`],
    ['eleven words', 'test '.repeat(11)],
    ['nothing', ''],
  ])('error: %s, without a word of it', async (_, text) => {
    const error = await rejection(mnemonicPrivateKey(text, 0))
    expect(error).toBeInstanceOf(KeyInvalidError)
    expect(leaked((error as Error).message, ['test', 'apexapex'])).toEqual([])
    expect((error as Error).cause).toBe(undefined)
  })
})

describe('file modes', () => {
  it.each([0o600, 0o400, 0o700])('default: %o is read', async (mode) => {
    const file = path(`mode${mode}`)
    writeFileSync(file, key)
    chmodSync(file, mode)
    expect((await openSigner(`file:${file}`)).address).toBe(address)
  })

  it.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666])(
    'error: %o is open to others',
    async (mode) => {
      const file = path(`mode${mode}`)
      writeFileSync(file, key)
      chmodSync(file, mode)
      const link = path(`link${mode}`)
      symlinkSync(file, link)
      for (const place of [`file:${file}`, `keystore:${file}`, `file:${link}`])
        for (const read of [openSigner, readKeyAddress]) {
          const error = await rejection(read(place, { password }))
          expect(error).toBeInstanceOf(KeyInvalidError)
          expect(error).toMatchObject({ hint: 'chmod 600 it' })
          expect((error as Error).message).toMatch(
            `is open to others: its mode is ${mode.toString(8)}`,
          )
          expect(leaked(error, [key.slice(2)])).toEqual([])
        }
    },
  )

  it.each([
    ['none there', 'absent', /there is no key file .*absent$/],
    ['a folder', '.', /is (no file|open to others)/],
  ])('error: %s', async (_, name, message) => {
    await expect(openSigner(`file:${path(name)}`)).rejects.toThrow(message)
  })

  it('error: a device that never ends', async () => {
    await expect(openSigner('file:/dev/zero')).rejects.toThrow(/is no file$/)
    const long = path('long')
    writeFileSync(long, key.repeat(2000), { mode: 0o600 })
    await expect(openSigner(`file:${long}`)).rejects.toThrow(/is too long$/)
  })
})

describe('createSecretFile', () => {
  it('default: mode 600 whatever the umask', async () => {
    for (const mask of [0o000, 0o022, 0o277]) {
      const before = process.umask(mask)
      const file = path(`umask${mask}`)
      try {
        await createSecretFile(file, 'text')
      } finally {
        process.umask(before)
      }
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(await readFile(file, 'utf8')).toBe('text')
    }
  })

  it('error: a file that exists is left as it is', async () => {
    const file = path('mine')
    writeFileSync(file, 'mine', { mode: 0o640 })
    await expect(createSecretFile(file, 'x')).rejects.toThrow('exists already')
    await expect(checkNewSecretFile(file)).rejects.toThrow('exists already')
    const dangling = path('dangling')
    symlinkSync(path('nowhere'), dangling)
    await expect(createSecretFile(dangling, 'x')).rejects.toThrow(
      'exists already',
    )
    await expect(checkNewSecretFile(dangling)).rejects.toThrow('exists already')
    expect(await readFile(file, 'utf8')).toBe('mine')
    expect(statSync(file).mode & 0o777).toBe(0o640)
  })

  it('error: a folder that others may write, or none', async () => {
    const open = path('open')
    mkdirSync(open)
    for (const [mode, fault] of [
      [0o770, 'others may write its folder, whose mode is 770'],
      [0o777, 'others may write its folder, whose mode is 777'],
    ] as const) {
      chmodSync(open, mode)
      await expect(checkNewSecretFile(`${open}/k`)).rejects.toThrow(fault)
    }
    for (const mode of [0o700, 0o755, 0o1777]) {
      chmodSync(open, mode)
      expect(await checkNewSecretFile(`${open}/k`)).toBe(undefined)
    }
    for (const folder of ['absent', 'mine'])
      await expect(checkNewSecretFile(path(`${folder}/k`))).rejects.toThrow(
        'there is no folder',
      )
  })
})

describe('withoutSecrets', () => {
  it.each([
    [key, '…'],
    [`/a/${key.slice(2, 50)}/b`, '/a/…/b'],
    [`see ${mnemonic}.`, '…'],
  ])('%s', (text, shown) => {
    expect(withoutSecrets(text)).toContain(shown)
    expect(leaked(withoutSecrets(text), [key.slice(2, 50), 'test'])).toEqual([])
  })
  it.each([
    address,
    'UTC--2016-01-01T00-00-00.000Z--008aeeda4d805471df9b2a5b0f38a0c3bcba786b',
    'a file of few words',
  ])('behavior: %s stays', (text) => {
    expect(withoutSecrets(text)).toBe(text)
  })
})

/** The key behind each kind of reference. */
async function reference(kind: string): Promise<string> {
  if (kind === 'env') {
    vi.stubEnv('APEX_TEST_KEY', `${key}\n`)
    return 'env:APEX_TEST_KEY'
  }
  const file = path(kind === 'file' ? 'k.hex' : 'k.json')
  const text =
    kind === 'file'
      ? `${key.slice(2)}\n`
      : await encryptKeystoreJson({ address, privateKey: key }, password, {
          // The cost of real ones is the concern of keystore.test.ts.
          scrypt: { N: 2, r: 8, p: 1 },
        })
  writeFileSync(file, text, { mode: 0o600 })
  return `${kind}:${file}`
}
