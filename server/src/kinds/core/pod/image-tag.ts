/** The tag of an image reference, as far as pull policies need it. */
// Like pkg/util/parsers ParseImageName and SetDefaults_Container.

/** Always for `latest` or no tag, IfNotPresent for anything fixed. */
export function defaultPullPolicy(image: string): 'Always' | 'IfNotPresent' {
  if (!isReference(image)) return 'IfNotPresent';
  const [name = ''] = image.split('@');
  const last = name.slice(name.lastIndexOf('/') + 1);
  const colon = last.indexOf(':');
  if (colon < 0) return image.includes('@') ? 'IfNotPresent' : 'Always';
  return last.slice(colon + 1) === 'latest' ? 'Always' : 'IfNotPresent';
}

/** Whether `image` reads as a reference at all; what does not has no tag. */
function isReference(image: string): boolean {
  if (image === '' || image.length > 512) return false;
  const [name = '', digest, more] = image.split('@');
  if (more !== undefined) return false;
  if (digest !== undefined && !/^[A-Za-z][A-Za-z0-9]*([-_+.][A-Za-z][A-Za-z0-9]*)?:[0-9a-fA-F]{32,}$/.test(digest))
    return false;
  const parts = name.split('/');
  const last = parts.at(-1) ?? '';
  const [component = '', tag, extra] = last.split(':');
  if (extra !== undefined || (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag))) return false;
  const isDomain = parts.length > 1 && /[.:]|^localhost$|[A-Z]/.test(parts[0] ?? '');
  const path = [...parts.slice(isDomain ? 1 : 0, -1), component];
  return path.every((each) => each !== '' && !/[^a-z0-9._-]|^[._-]|[._-]$/.test(each));
}
