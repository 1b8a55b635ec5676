/** The kinds of rbac.authorization.k8s.io, in the order discovery lists them. */
import type { Kind } from '../define-kind.ts';
import { clusterRoleBinding } from './cluster-role-binding.ts';
import { clusterRole } from './cluster-role.ts';
import { roleBinding } from './role-binding.ts';
import { role } from './role.ts';

export const rbac: readonly Kind[] = [clusterRoleBinding, clusterRole, roleBinding, role];
