#!/usr/bin/env bash
# Grants the app's identity the app roles of Microsoft Graph that it needs, for those who may not deploy main.bicep of
# this folder. Needs az, signed in as Privileged Role Administrator. Can be run again; grants nothing twice, removes
# nothing.
#
#   infra/graphRoles/grant.sh PRINCIPAL_ID [--changes-guests] [--joins-groups] [--shares-items] [--dry-run]
#
#   --changes-guests  guests are removed (ON_REVOKE or ON_EXPIRY is removeGuest) or redemptions reset
#   --joins-groups    requests name groups that guests are put into
#   --shares-items    items of SharePoint or OneDrive are shared; each site has to be granted as well
#   --dry-run         prints what would be granted
set -euo pipefail

GRAPH_APP_ID=00000003-0000-0000-c000-000000000000
GRAPH_URL=${GRAPH_URL:-https://graph.microsoft.com} # another one in a national cloud

usage() {
  sed -n '/^#   infra/,/^#   --dry-run/s/^#   //p' "$0" >&2
  exit 64
}

principal=''
read_role=User.Read.All
more_roles=()
dry_run=false
for argument in "$@"; do
  case $argument in
    --changes-guests) read_role=User.ReadWrite.All ;;
    --joins-groups) more_roles+=(GroupMember.ReadWrite.All) ;;
    --shares-items) more_roles+=(Sites.Selected) ;;
    --dry-run) dry_run=true ;;
    -*) usage ;;
    *)
      if [ -n "$principal" ]; then usage; fi
      principal=$argument
      ;;
  esac
done
if ! [[ $principal =~ ^[0-9a-fA-F-]{36}$ ]]; then usage; fi
roles=(User.Invite.All "$read_role" ${more_roles[@]+"${more_roles[@]}"})

if $dry_run; then
  printf 'Would grant %s to %s\n' "${roles[*]}" "$principal"
  exit 0
fi

graph_id=$(az ad sp show --id "$GRAPH_APP_ID" --query id --output tsv)
granted=$(az rest --method get --url "$GRAPH_URL/v1.0/servicePrincipals/$principal/appRoleAssignments" \
  --query "value[?resourceId=='$graph_id'].appRoleId" --output tsv)

for role in "${roles[@]}"; do
  role_id=$(az ad sp show --id "$GRAPH_APP_ID" \
    --query "appRoles[?value=='$role' && contains(allowedMemberTypes, 'Application')].id | [0]" --output tsv)
  if [ -z "$role_id" ]; then
    echo "$role: Microsoft Graph of this tenant has no such app role" >&2
    exit 1
  fi
  if grep --quiet --ignore-case --fixed-strings "$role_id" <<<"$granted"; then
    echo "$role: granted already"
    continue
  fi
  az rest --method post --url "$GRAPH_URL/v1.0/servicePrincipals/$principal/appRoleAssignments" --output none \
    --body "{\"principalId\":\"$principal\",\"resourceId\":\"$graph_id\",\"appRoleId\":\"$role_id\"}"
  echo "$role: granted"
done
