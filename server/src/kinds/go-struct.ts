/** Objects as upstream's own Go structs print them in messages: every field, by its Go name, in Go's order. */
// Upstream validates internal types, which have no JSON tags; %v of them is their JSON under Go's names.
import type { FieldSchema, Shape, TypeSchema } from '@naru/api/schema/schema';
import { typeNamed } from '@naru/api/schema/schema-table';

/** `value`, which the schema knows as `typeKey`, as a struct with all its fields. */
export function goStruct(value: unknown, typeKey: string): unknown {
  const type = typeNamed(typeKey);
  return type ? structOf(value, type) : value;
}

const metaPackage = 'k8s.io.apimachinery.pkg.';

function structOf(value: unknown, type: TypeSchema): unknown {
  // Types of apimachinery are the same inside and outside: they keep their JSON names.
  if (type.key.startsWith(metaPackage)) return value ?? {};
  const fields = new Map(Object.entries((value ?? {}) as Record<string, unknown>));
  return Object.fromEntries(
    orderedFields(type).flatMap((field) => {
      const printedField = fieldOf(fields.get(field.name), field);
      // Metadata is embedded, and its own tags leave out what is not set.
      if (field.name === 'metadata') return Object.entries((printedField ?? {}) as Record<string, unknown>);
      if (type.name === 'PodSpec' && field.name === 'securityContext')
        return [['SecurityContext', podSecurityContext(fields, printedField, type)]];
      return [[goName(field.name), printedField]];
    }),
  );
}

function podSecurityContext(fields: ReadonlyMap<string, unknown>, context: unknown, podSpec: TypeSchema): unknown {
  const moved = inSecurityContext.flatMap((name) => {
    const field = podSpec.fields.get(name);
    return field ? [[goName(name), fieldOf(fields.get(name), field)] as const] : [];
  });
  if (context === null && moved.every(([, value]) => value === null || value === false)) return null;
  return { ...Object.fromEntries(moved), ...(context as object) };
}

function fieldOf(value: unknown, { shape, pointer }: FieldSchema): unknown {
  if (value === undefined || value === null) return pointer ? null : zeroOf(shape);
  return printed(value, shape);
}

function printed(value: unknown, shape: Shape): unknown {
  if (shape.kind === 'object') return structOf(value, shape.type);
  if (shape.kind === 'list' && Array.isArray(value)) return value.map((item) => printed(item, shape.of));
  if (shape.kind === 'map' && typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([key, item]) => [key, printed(item, shape.of)]),
    );
  return value;
}

function zeroOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
      return 0;
    case 'object':
      return structOf({}, shape.type);
    case 'special':
      return shape.special === 'IntOrString' ? 0 : shape.special === 'Quantity' ? '0' : null;
    default:
      return null;
  }
}

// Where the internal type lists its fields in an order of its own: these first, as named, then the others.
const orders = new Map<string, readonly string[]>([
  ['ServicePort', ['name', 'protocol', 'appProtocol', 'port', 'targetPort', 'nodePort']],
  ['PodDisruptionBudgetSpec', ['minAvailable', 'selector', 'maxUnavailable', 'unhealthyPodEvictionPolicy']],
  [
    'PodSpec',
    words(`volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds
      activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName automountServiceAccountToken nodeName
      securityContext imagePullSecrets hostname subdomain setHostnameAsFQDN affinity schedulerName tolerations
      hostAliases priorityClassName priority preemptionPolicy dnsConfig readinessGates runtimeClassName overhead
      enableServiceLinks topologySpreadConstraints os schedulingGates resourceClaims resources hostnameOverride`),
  ],
  [
    'PodSecurityContext',
    words(`seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy
      fsGroup fsGroupChangePolicy sysctls seccompProfile appArmorProfile seLinuxChangePolicy`),
  ],
  [
    'Volume',
    words(`name hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs
      persistentVolumeClaim rbd quobyte flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap
      vsphereVolume azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image`),
  ],
  [
    'PersistentVolumeSource',
    words(`gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd quobyte iscsi flexVolume cinder cephfs fc
      flocker azureFile vsphereVolume azureDisk photonPersistentDisk portworxVolume scaleIO local storageos csi`),
  ],
]);

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}

// Fields of a pod's spec that upstream keeps inside its security context, before the context's own.
const inSecurityContext = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'];
const notInternal = new Map([['PodSpec', new Set(['serviceAccount', ...inSecurityContext])]]);

function orderedFields(type: TypeSchema): readonly FieldSchema[] {
  const first = orders.get(type.name);
  const left = notInternal.get(type.name);
  const own = type.fieldList.filter(({ name }) => !left?.has(name) && (name !== 'kind' || !type.hasTypeMeta));
  if (!first) return own;
  return [...own].sort((one, other) => rank(first, one.name) - rank(first, other.name));
}

const rank = (names: readonly string[], name: string) => {
  const at = names.indexOf(name);
  return at < 0 ? names.length : at;
};

const wholeNames: Record<string, string> = {
  cephfs: 'CephFS',
  storageos: 'StorageOS',
  cidrs: 'CIDRs',
  iqn: 'IQN',
  fsType: 'FSType',
  fsGroup: 'FSGroup',
  fsGroupChangePolicy: 'FSGroupChangePolicy',
  pdName: 'PDName',
  pdID: 'PdID',
  diskURI: 'DataDiskURI',
  targetWWNs: 'TargetWWNs',
  wwids: 'WWIDs',
  tty: 'TTY',
  lun: 'Lun',
};

const initialisms = /^(api|uid|dns|os|nfs|iscsi|rbd|fc|csi|http|tcp|grpc|gce|aws|ip|se|tls|url|ttl|cpu|ca)(?=[A-Z]|$)/;

/** The Go name of a JSON field. */
function goName(name: string): string {
  const whole = Object.hasOwn(wholeNames, name) ? wholeNames[name] : undefined;
  if (whole) return whole;
  const upper = name.replace(initialisms, (word) => word.toUpperCase());
  return upper.charAt(0).toUpperCase() + upper.slice(1);
}
