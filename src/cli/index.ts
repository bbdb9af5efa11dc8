export const main = async (_argv: readonly string[]): Promise<number> => 0
