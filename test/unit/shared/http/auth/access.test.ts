import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  judge,
  neededRoles,
  seesOnlyOwn,
  toApprove,
  toChange,
  toCreate,
  toManage,
  toRead,
} from '../../../../../shared/http/auth/access';
import { ROLES, type Role, keyCaller } from '../../../../../shared/http/caller';

const access = { toCreate, toRead, toChange, toManage, toApprove };
const caller = (...roles: Role[]) => ({ id: 'app:x', roles: new Set(roles) });

// docs/api-identity.md has the same table for people.
it.each<[keyof typeof access, Record<Role, string>]>([
  ['toCreate', expected('granted', 'missingRole', 'missingRole', 'missingRole')],
  ['toRead', expected('onlyOwn', 'granted', 'granted', 'missingRole')],
  ['toChange', expected('onlyOwn', 'missingRole', 'granted', 'missingRole')],
  ['toManage', expected('missingRole', 'missingRole', 'granted', 'missingRole')],
  ['toApprove', expected('missingRole', 'missingRole', 'missingRole', 'granted')],
])('%s: each role alone reaches as far as it should', (name, wanted) => {
  const reached = Object.fromEntries(ROLES.map((role) => [role, judge(caller(role), access[name])]));
  expect(reached).toEqual(wanted);
});

function expected(create: string, readAll: string, manage: string, approve: string): Record<Role, string> {
  return {
    'Invitation.Create': create,
    'Invitation.Read.All': readAll,
    'Invitation.Manage': manage,
    'Invitation.Approve': approve,
  };
}

it('takes the furthest reach of several roles', () => {
  expect(judge(caller('Invitation.Create', 'Invitation.Manage'), toChange)).toBe('granted');
  expect(judge(caller('Invitation.Create', 'Invitation.Read.All'), toChange)).toBe('onlyOwn');
  expect(judge(caller(), toRead)).toBe('missingRole');
});

it('lets who has a function key do everything', () => {
  expect(Object.values(access).map((each) => judge(keyCaller, each))).toEqual(Array(5).fill('granted'));
  expect(seesOnlyOwn(keyCaller)).toBe(false);
});

it('shows others’ invitations to those alone who may read all', () => {
  expect(ROLES.filter((role) => !seesOnlyOwn(caller(role)))).toEqual(['Invitation.Read.All', 'Invitation.Manage']);
});

it('names the roles that would do', () => {
  expect(neededRoles(toManage)).toBe('Invitation.Manage');
  expect(neededRoles(toChange)).toBe('Invitation.Manage or Invitation.Create (for invitations of one’s own)');
});

it('samples/app-roles.json registers the roles that the API knows', () => {
  const file = path.join(__dirname, '../../../../../samples/app-roles.json');
  const registered = JSON.parse(readFileSync(file, 'utf8')) as { id: string; value: string }[];
  expect(registered.map(({ value }) => value)).toEqual(ROLES);
  expect(new Set(registered.map(({ id }) => id)).size).toBe(ROLES.length);
});
