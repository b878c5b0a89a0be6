/** Another naming of workers that do the same: what is told of a world, told with the names exchanged. */
export type Renaming = (text: string) => string;

/**
 * Every way to exchange the names 0 to `count` - 1, the first one exchanging nothing. Names are seen in the ids that
 * workers make up (`u-{name}-…`) and nowhere else.
 */
export function renamings(count: number): Renaming[] {
  const names = Array.from({ length: count }, (_, name) => name);
  return permutations(names).map((order, index) => {
    if (index === 0) return (text) => text;
    return (text) => text.replace(/u-(\d+)-/g, (_, name: string) => `u-${order[Number(name)] ?? name}-`);
  });
}

const permutations = (names: number[]): number[][] =>
  names.length === 0
    ? [[]]
    : names.flatMap((name) => permutations(names.filter((other) => other !== name)).map((rest) => [name, ...rest]));

/** Numbers for texts; under each renaming one. The first is the number of the text itself. */
export function makeNumberer(all: Renaming[]) {
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  return {
    numberOf,
    /** One number for each renaming; `told` says what the text is then. */
    numbersOf: (told: (renaming: Renaming, index: number) => string): number[] =>
      all.map((renaming, index) => numberOf(told(renaming, index))),
  };
}

export type Numberer = ReturnType<typeof makeNumberer>;
