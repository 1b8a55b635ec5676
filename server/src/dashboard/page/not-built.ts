/** What stands at the page's place while it is being built: it looks again by itself. */

export interface NotBuilt {
  /** Of the Content-Security-Policy. */
  readonly nonce: string;
  /** Whether the build was given up. */
  readonly failed: boolean;
}

const being = `<p>The dashboard is being built. This page opens it as soon as it is ready, usually within half a minute.</p>
<p lang="ko">대시보드를 만드는 중입니다. 준비되면 자동으로 열리며 보통 30초쯤 걸립니다.</p>`;

const givenUp = `<p>The dashboard could not be built. Its log is <code>logs/dashboard-build.log</code> in Naru's data directory. The API works all the same.</p>
<p lang="ko">대시보드를 만들지 못했습니다. 데이터 폴더의 <code>logs/dashboard-build.log</code>를 확인하세요. API는 그대로 동작합니다.</p>`;

export const notBuilt = ({ nonce, failed }: NotBuilt): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="${failed ? 15 : 2}">
<title>Naru</title>
<style nonce="${nonce}">
body { max-width: 32rem; margin: 20vh auto 0; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }
</style>
</head>
<body>
<main>
<h1>Naru</h1>
${failed ? givenUp : being}
</main>
</body>
</html>
`;
