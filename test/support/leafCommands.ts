import { runCli } from './runCli.ts'

/** Every command of the program that does something, as its words: `key new`. Told by the program's own help. */
export async function leafCommands(
  path: readonly string[] = [],
): Promise<readonly string[]> {
  const { stdout } = await runCli([...path, '--help'])
  const [usage = '', list = ''] = stdout.split(/^Commands:\n/m)
  const children = [...list.matchAll(/^ {2}([a-z][\w-]*) /gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'help')
  const below = await Promise.all(
    children.map((name) => leafCommands([...path, name])),
  )
  // `apex bot` runs, and has commands below it: it has options of its own.
  const runs = children.length === 0 || /^ {2}--/m.test(usage)
  return [...(path.length > 0 && runs ? [path.join(' ')] : []), ...below.flat()]
}
