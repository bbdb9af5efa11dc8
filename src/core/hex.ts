/** A hexadecimal string: `0x` and digits. */
export type Hex = `0x${string}`
