/** What comes of the kinds that speak to CSI drivers. */
export const noCsiDrivers = 'Naru runs no CSI drivers; the object is kept for programs that read it';
