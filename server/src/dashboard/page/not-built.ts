/** What stands at the page's place while it is being built: it looks again by itself. */
export const notBuilt = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="2">
<title>Naru</title>
</head>
<body>
<h1>Naru</h1>
<p>The dashboard is being built. This page opens it as soon as it is ready.</p>
<p lang="ko">대시보드를 만드는 중입니다. 준비되면 자동으로 열립니다.</p>
</body>
</html>
`;
