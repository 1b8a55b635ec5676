/** Types whose fields exclude each other, as the sources mark them and OpenAPI publishes; the API facts do not carry it. */

export const unions: Record<string, unknown> = {
  'k8s.io.api.core.v1.AppArmorProfile': [
    {
      discriminator: 'type',
      'fields-to-discriminateBy': {
        localhostProfile: 'LocalhostProfile',
      },
    },
  ],
  'k8s.io.api.core.v1.PodSchedulingGroup': [
    {
      'fields-to-discriminateBy': {
        podGroupName: 'PodGroupName',
      },
    },
  ],
  'k8s.io.api.core.v1.SeccompProfile': [
    {
      discriminator: 'type',
      'fields-to-discriminateBy': {
        localhostProfile: 'LocalhostProfile',
      },
    },
  ],
  'k8s.io.api.flowcontrol.v1.LimitResponse': [
    {
      discriminator: 'type',
      'fields-to-discriminateBy': {
        queuing: 'Queuing',
      },
    },
  ],
  'k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationSpec': [
    {
      discriminator: 'type',
      'fields-to-discriminateBy': {
        exempt: 'Exempt',
        limited: 'Limited',
      },
    },
  ],
  'k8s.io.api.flowcontrol.v1.Subject': [
    {
      discriminator: 'kind',
      'fields-to-discriminateBy': {
        group: 'Group',
        serviceAccount: 'ServiceAccount',
        user: 'User',
      },
    },
  ],
};
