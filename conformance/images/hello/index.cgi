#!/bin/sh
# Says which pod answers, so that a reload shows the Service spreading requests.
printf 'Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n\r\n'
cat <<HTML
<!DOCTYPE html>
<html lang="en">
<title>Naru</title>
<style>body{font:18px/1.6 system-ui,sans-serif;max-width:34em;margin:12vh auto;padding:0 1em}code{background:#8881;padding:.1em .3em}</style>
<h1>나루 · Naru</h1>
<p>This page was answered by the pod <code>$(hostname)</code>. Reload, and the other replica may answer.</p>
<p>이 페이지는 파드 <code>$(hostname)</code>이(가) 보냈습니다. 새로 고치면 다른 복제본이 답할 수 있습니다.</p>
</html>
HTML
