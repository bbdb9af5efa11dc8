export { withoutSecrets } from '../withoutSecrets.ts'
export { contractAddress } from './contractAddress.ts'
export { KeyInvalidError } from './errors.ts'
export {
  type KeyReference,
  parseKeyReference,
  parseSecretReference,
  type SecretReference,
  showReference,
} from './keyReference.ts'
export {
  decryptKeystore,
  encryptKeystore,
  type KeystoreProgress,
  keystoreAddress,
  scryptCost,
} from './keystore.ts'
export {
  createMessageSigner,
  createSigner,
  type OpenSignerOptions,
  openMessageSigner,
  openSigner,
  readKeyAddress,
} from './openSigner.ts'
export {
  mnemonicPrivateKey,
  parsePrivateKey,
  randomPrivateKey,
} from './privateKey.ts'
export { readSecret } from './readSecret.ts'
export {
  checkNewSecretFile,
  createSecretFile,
  readSecretFile,
} from './secretFile.ts'
export { transactionHash } from './transactionHash.ts'
