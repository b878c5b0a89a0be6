import { showProgress } from '../../../cli/screen/progress';

function pipe() {
  const said: string[] = [];
  let nowMs = 0;
  const terminal = {
    print: (text: string) => said.push(`out ${text}`),
    say: (text: string) => said.push(text),
    look: { width: undefined, isColoured: false },
    bar: undefined,
  };
  const progress = showProgress(terminal, { verb: 'sent', total: 3000 }, () => nowMs);
  return { said, progress, at: (ms: number) => (nowMs = ms) };
}

describe('showProgress in a pipe', () => {
  it('says nothing of what is done in a moment', () => {
    const { said, progress, at } = pipe();
    at(1500);
    progress.update(3000);
    progress.end();
    expect(said).toEqual([]);
  });

  it('says how far it is, how fast, and how long it will take, now and then', () => {
    const { said, progress, at } = pipe();
    at(2000);
    progress.update(100);
    at(3000);
    progress.update(200);
    at(7000);
    progress.update(1400);
    at(12_000);
    progress.update(1500, 'waiting');
    expect(said).toEqual([
      '100/3,000 sent · 50.0/s · 58 s left',
      '1,400/3,000 sent · 200/s · 8 s left',
      '1,500/3,000 sent · waiting',
    ]);
  });
});
