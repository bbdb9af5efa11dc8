/** More hex digits than an address has, fewer than a key: a key that lost its end is a secret too. */
const keyLike = /(?:0x)?[0-9a-fA-F]{41,}/g
/** A mnemonic has 12 to 24 words; one that lost a word or two is a secret too. */
const mnemonicLike = /(?:\b[a-z]{3,8}\b[\s,]+){9,}[a-z]{3,8}\b/g

/**
 * The text, with whatever may be a private key or a mnemonic replaced by `…`:
 * people paste keys where a name, a path or an address belongs.
 */
export function withoutSecrets(text: string): string {
  return text.replace(keyLike, '…').replace(mnemonicLike, '…')
}
