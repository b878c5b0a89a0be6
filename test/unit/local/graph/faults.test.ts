import { defaultBehaviour, mergeBehaviour } from '../../../../local/graph/behaviour';
import { takeFault } from '../../../../local/graph/faults';

const faultsOf = (...faults: object[]) => mergeBehaviour(defaultBehaviour(), { faults }).faults;

describe('takeFault', () => {
  it('takes the first that matches, and each as often as it says', () => {
    const faults = faultsOf(
      { method: 'POST', path: '/invitations', answer: 500, times: 2 },
      { method: 'POST', path: '/invitations', answer: 503 },
    );
    const target = { method: 'POST', path: '/invitations', email: undefined };
    const answers = [1, 2, 3, 4].map(() => takeFault(faults, target)?.answer);
    expect(answers).toEqual([500, 500, 503, undefined]);
  });

  it.each([
    [{ method: 'GET', path: '/invitations', email: 'a@x.com' }],
    [{ method: 'POST', path: '/users/invitations', email: 'a@x.com' }],
    [{ method: 'POST', path: '/invitations', email: 'b@x.com' }],
    [{ method: 'POST', path: '/invitations', email: undefined }],
  ])('passes by %j', (target) => {
    const faults = faultsOf({ method: 'POST', path: '/invitations', email: 'A@x.com', answer: 500 });
    expect(takeFault(faults, target)).toBeUndefined();
    expect(faults).toHaveLength(1);
  });
});
