#!/bin/sh
# Four hundred lines of shell that exercise more than a hundred of busybox' applets. What it prints is the same on every run and
# every kernel: no process numbers, times, inode numbers or sizes of the machine.
export PATH=/bin:/sbin:/usr/bin:/usr/sbin LC_ALL=C TZ=UTC
umask 022
title() { echo "== $*"; }

title echo, printf, test, expr
echo one two   three
echo -n no newline
echo
printf '%s|%5d|%-5s|%05.1f|%x|%c\n' text 42 left 3.14159 255 z
printf '%b\n' 'tab\there'
test 3 -gt 2 && echo "3 > 2"
test -z "" && echo empty
[ abc = abc ] && echo equal
[ -d / ] && [ ! -f / ] && echo "/ is a directory"
expr 6 \* 7
expr length "hello"
expr substr "hello world" 7 5
expr "file.txt" : '.*\.\(.*\)'
true
echo "true $?"
false
echo "false $?"

title shell arithmetic and expansion
a=5 b=3
echo $((a + b)) $((a * b)) $((a / b)) $((a % b)) $((a << b)) $((a > b)) $((-7 / 2))
echo $((0x1f)) $((010)) $(( (1 + 2) * 3 ))
word=hello.tar.gz
echo ${word%.*} ${word%%.*} ${word#*.} ${word##*.} ${#word}
echo ${missing:-default} ${missing:=assigned} ${missing:+other}
echo ${word/tar/zip} ${word:1:4}
set -- x y z
echo $# $1 "$@" "$*"
shift
echo $# "$@"
IFS=:; set -- a:b:c; echo $*; set -- $(echo d:e:f); echo "$2"; unset IFS
echo {a,b}c ~root

title shell control flow
for i in 1 2 3; do echo -n "$i "; done; echo
i=0; while [ $i -lt 5 ]; do i=$((i + 1)); [ $i -eq 2 ] && continue; [ $i -eq 4 ] && break; echo "i=$i"; done
until [ $i -eq 0 ]; do i=$((i - 1)); done; echo "down to $i"
case apple.txt in *.c) echo C;; a*.txt) echo text;; *) echo other;; esac
if false; then echo no; elif true; then echo elif; else echo else; fi
f() { local x=inner; echo "$1 $x"; return 7; }
x=outer
f argument
echo "$? $x"
recurse() { [ "$1" -eq 0 ] && { echo bottom; return; }; recurse $(($1 - 1)); }
recurse 20
(x=sub; exit 3); echo "subshell $? $x"
{ echo braces; } | cat
! true
echo "not true $?"
false || echo or
true && echo and
trap 'echo trapped' USR1; kill -USR1 $$; trap - USR1
(trap 'echo leaving' EXIT; exit 0)

title here-documents, substitution, redirection
cat <<END
value $a, sum $((a + b)), $(echo command)
END
cat <<'END'
literal $a $(echo no)
END
cat <<-END
	tabs are removed
	END
echo "nested $(echo $(echo $(echo deep)))" `echo backticks`
echo first >f
echo second >>f
cat f
cat <f
echo to-stderr 2>&1 >/dev/null >&2 2>/dev/null
{ echo out; echo err >&2; } 2>err.txt >out.txt; cat out.txt err.txt
exec 3>third; echo three >&3; exec 3>&-; cat third
exec 4<f; read line <&4; echo "read: $line"; read line <&4; echo "read: $line"; exec 4<&-
(set -C; echo clobber >f) 2>/dev/null || echo "not overwritten"
cat f missing 2>/dev/null
echo "status $?"

title background jobs and wait
(exit 4) & wait $!; echo "waited $?"
for i in 1 2 3 4; do (exit $i) & done; wait; echo "all done"
sleep 0.1 & sleep 0.1 & wait
echo slept
(sleep 5; echo never) & kill $!; wait $! 2>/dev/null; echo "killed $?"

title read and loops over input
printf 'a 1\nb 2\nc 3\n' | while read name number; do echo "$number:$name"; done
echo "x y z" | { read p q; echo "[$p][$q]"; }
printf 'back\\slash\n' | { read -r line; echo "$line"; }
printf 'k=v\n' | while IFS== read key value; do echo "$key is $value"; done

title files: touch, mkdir, cp, mv, rm, ln, ls, stat
mkdir -p tree/a/b tree/c
touch tree/a/one tree/a/b/two
echo content >tree/c/three
cp tree/c/three tree/c/four
cp -r tree/a tree/copy
cp -a tree/c tree/archive
mv tree/c/four tree/c/five
mv tree/c/five tree
ln -s c/three tree/link
ln tree/c/three tree/hard
ls tree
ls -a tree/a
ls -1 tree/copy/b
ls -F tree
readlink tree/link
realpath tree/link
cat tree/link
ls -l tree/link | cut -c1-10
stat -c '%n %F %a %h %s' tree/c/three tree/five
stat -c '%F' tree tree/link
rm tree/five
rm -r tree/copy
rm -f tree/missing
rm tree 2>/dev/null || echo "rm refuses a directory"
rmdir tree/a 2>/dev/null || echo "rmdir refuses a full directory"
find tree | sort
chmod 640 tree/c/three
stat -c '%a' tree/c/three
chmod u+x,g-r,o=r tree/c/three
stat -c '%a' tree/hard
chown 12:34 tree/hard
stat -c '%u:%g' tree/c/three
chgrp 56 tree/hard
stat -c '%g' tree/hard
touch -d '2001-02-03 04:05:06' tree/c/three
stat -c '%y' tree/c/three | cut -c1-19
date -r tree/c/three '+%Y/%m/%d %H:%M:%S'
[ tree/c/three -ef tree/hard ] && echo "same file"
[ tree/a/one -nt tree/c/three ] && echo newer
mktemp -d ./tmp.XXXXXX >name
[ -d "$(cat name)" ] && echo "temporary directory"
rmdir "$(cat name)"
truncate -s 1000 hole
stat -c '%s' hole
wc -c <hole
du -s -k tree/archive >/dev/null && echo du
basename /usr/lib/file.so .so
dirname /usr/lib/file.so
pwd
cd tree/a
pwd
cd ..
basename "$(pwd)"
cd - >/dev/null
cd ../..

title find, xargs, which
find tree -type f -name 't*' | sort
find tree -type l
find tree -maxdepth 1 -type d | sort
find tree -name one -exec echo found {} \;
find tree -type f -size -2 | sort | head -3
printf 'one two\nthree\n' | xargs echo args:
printf 'a\nb\nc\n' | xargs -n 1 echo item
find tree -type f -print0 | xargs -0 ls -1 | sort
echo a b c | xargs -n 2 sh -c 'echo "$0-$1"'
which sh

title text: cat, head, tail, tac, rev, nl, wc, sort, uniq, cut, paste, tr
seq 1 20 >numbers
head -n 3 numbers
tail -n 3 numbers
tail -n +19 numbers
head -c 5 numbers
tail -c 6 numbers
tac numbers | head -n 2
echo abc | rev
printf 'x\n\ny\n' | nl
printf 'x\n\n\ny\n' | cat -n
printf 'tab\there\n' | cat -A
wc numbers
wc -l <numbers
wc -w <numbers
printf '10\n9\n2\n33\n' | sort
printf '10\n9\n2\n33\n' | sort -n
printf '10\n9\n2\n' | sort -rn
printf 'b 2\na 3\nc 1\n' | sort -k 2
printf 'b:2\na:3\n' | sort -t: -k2 -n -r
printf 'a\na\nb\na\n' | uniq
printf 'a\na\nb\n' | uniq -c
printf 'a\na\nb\n' | uniq -d
printf 'c\na\nb\na\n' | sort -u
echo a:b:c:d | cut -d: -f2,4
echo abcdef | cut -c2-4
echo abcdef | cut -b1,6
printf '1\n2\n' >p1
printf 'x\ny\n' >p2
paste p1 p2
paste -d, p1 p2
paste -s p1
echo hello | tr a-z A-Z
echo hello | tr -d l
echo aabbcc | tr -s a-c
echo 'a b' | tr ' ' '\n'
echo hello | tr -c 'l\n' '.'
fold -w 4 numbers | head -n 3
echo 'one two three four' | fold -s -w 9
printf 'a\tb\n' | expand -t 4
printf '        b\n' | unexpand -a | cat -A
printf 'l1\nl2\nl3\n' | tail -n 2 | sort -r

strings -n 4 /bin/busybox | grep -c BusyBox >/dev/null && echo strings
yes | head -n 2
seq 5 -2 1
seq -s, 1 5
seq -w 8 10
shuf -e only
factor 360

title grep, sed, awk
grep 1 numbers | wc -l
grep -c '^1' numbers
grep -v 1 numbers | head -n 2
grep -n 15 numbers
grep -E '^(3|7)$' numbers
grep -o '[0-9]$' numbers | sort -u | wc -l
echo Hello | grep -i hello
grep -q 99 numbers || echo "no 99"
grep -l 7 numbers p1
grep -r three tree/c | sort
printf 'a.b\naxb\n' | grep -F a.b
printf 'word\nswords\n' | grep -w word
grep -A1 -B1 '^10$' numbers
printf 'x1\n' | grep -x 'x[0-9]'
sed 's/1/one/' numbers | head -n 1
sed -n '3,5p' numbers
sed '2,19d' numbers
sed -e 's/^\(.\)0$/\1-zero/' -e '/^1$/d' numbers | tail -n 3
echo 'a b c' | sed 's/ /_/g'
echo abc | sed 'y/abc/xyz/'
printf '1\n2\n' | sed 'N;s/\n/+/'
printf 'x\n' | sed 'a after'
printf 'x\n' | sed 'i before'
printf 'one\ntwo\n' | sed -n '$='
echo path/to/file | sed 's|/|\\|g'
cp numbers n2
sed -i '1,18d' n2
cat n2
echo aaa | sed 's/a/b/2'
printf 'k: v\n' | sed -E 's/(\w+): (\w+)/\2=\1/'
awk '{ s += $1 } END { print s, NR }' numbers
awk 'NR % 5 == 0' numbers
echo 'a b c' | awk '{ print $3, $1, NF }'
echo 'x:y' | awk -F: '{ print $2 }'
awk 'BEGIN { for (i = 1; i <= 3; i++) printf "%d^2=%d ", i, i * i; print "" }'
printf 'a 1\nb 2\na 3\n' | awk '{ t[$1] += $2 } END { for (k in t) print k, t[k] }' | sort
awk 'BEGIN { print length("four"), substr("hello", 2, 3), index("hello", "l"), toupper("up"), sprintf("%.2f", 2/3) }'
echo 'foo bar foo' | awk '{ gsub(/foo/, "baz"); print }'
awk 'BEGIN { n = split("a-b-c", p, "-"); print n, p[3] }'
awk -v v=7 'BEGIN { print v * 2; exit 3 }'
echo "awk status $?"
awk 'BEGIN { while (("echo one; echo two" | getline line) > 0) print "got", line }'

title diff, cmp, patch, ed
printf 'a\nb\nc\n' >old
printf 'a\nB\nc\nd\n' >new
diff old old && echo same
diff old new
echo "diff status $?"
diff -u old new | tail -n +3
diff -u old new >change
cp old patched
patch patched <change >/dev/null
cmp patched new && echo patched
cmp old new
echo "cmp status $?"
printf '2s/b/edited/\nw\nq\n' | ed -s old 2>/dev/null || printf '2s/b/edited/\nw\nq\n' | ed old >/dev/null
cat old

title archives: tar, cpio, gzip, bzip2, xz, unzip
tar cf tree.tar tree
tar tf tree.tar | sort
mkdir x
tar xf tree.tar -C x
diff -r tree x/tree && echo "tar round trip"
tar czf tree.tgz tree
tar tzf tree.tgz | wc -l
gzip -t tree.tgz && echo "gzip is whole"
gzip -c numbers | gunzip -c | cmp - numbers && echo "gzip round trip"
gzip -k numbers 2>/dev/null || cp numbers numbers.kept
[ -f numbers ] || gunzip numbers.gz
zcat numbers.gz 2>/dev/null | tail -n 1
bzip2 -c numbers | bunzip2 -c | cmp - numbers && echo "bzip2 round trip"
find tree | sort | cpio -o -H newc 2>/dev/null >tree.cpio
cpio -t <tree.cpio 2>/dev/null | wc -l
mkdir y
(cd y && cpio -id <../tree.cpio 2>/dev/null)
diff -r tree y/tree && echo "cpio round trip"
(cat numbers; echo damaged) | gzip | head -c 20 >bad.gz; gunzip -c bad.gz >/dev/null 2>&1; echo "damaged archive $?"

title checksums and encodings
printf 'abc' | md5sum
printf 'abc' | sha1sum
printf 'abc' | sha256sum
printf 'abc' | sha512sum
printf 'abc' | sha3sum
printf 'abc' | crc32
sha256sum numbers p1 >sums
sha256sum -c sums
printf 'Hello, world\n' | base64
echo SGVsbG8= | base64 -d
echo
printf 'Hello, world\n' | uuencode -m name
printf 'data\n' | uuencode f1 | uudecode -o -
printf 'ABC\001\377' | od -A d -t x1
printf 'ABC' | od -c
printf 'hexdump it' | hexdump -C
printf 'xxd' | xxd
printf '616263' | xxd -r -p
echo

title dd, and a megabyte through pipes
dd if=numbers bs=4 count=2 2>/dev/null
echo
dd if=/dev/zero bs=1024 count=10 2>/dev/null | wc -c
dd if=numbers of=part bs=1 skip=3 count=5 2>/dev/null
cat part
echo
printf 'XY' | dd of=part bs=1 seek=2 conv=notrunc 2>/dev/null
cat part
echo
dd if=/dev/zero bs=64k count=16 2>/dev/null | tr '\0' 'z' | gzip -c | gunzip -c | md5sum
seq 1 50000 | sort -r | sort -n | md5sum
seq 1 20000 | tee copy | md5sum
md5sum <copy
(seq 1 1000; seq 1 1000) | sort -n | uniq -c | awk '$1 != 2' | wc -l

title env, id, uname, date, cal, time-outs
env -i A=1 B=2 env | sort
FOO=bar sh -c 'echo $FOO'
export EXPORTED=yes
sh -c 'echo $EXPORTED'
unset EXPORTED
sh -c 'echo "[$EXPORTED]"'
id -u
id -g
whoami
uname -s
uname -m
groups
logname 2>/dev/null
echo "tty: $(tty)"
date -u -d @0 '+%Y-%m-%d %H:%M:%S %j %a'
date -u -d '2024-02-29 12:00:00' +%s
date -u -d @1700000000 '+%c'
cal 2 2024
timeout 1 sleep 5
echo "timed out $?"
timeout 5 true
echo "in time $?"
usleep 1000
setsid echo setsid
sh -c 'kill -9 $$'
echo "killed $?"
sh -c 'exit 42'
echo "status $?"
sh -c 'missing-command' 2>/dev/null
echo "not found $?"
/tmp/work/numbers 2>/dev/null
echo "not executable $?"
sh -c 'ulimit -n' >/dev/null && echo ulimit
[ "$(nproc)" -ge 1 ] && echo processors
[ -n "$(hostname)" ] && echo "has a host name"
sync && echo synced
clear >/dev/null
sleep 0 && echo slept


title procfs and devices
[ -r /proc/self/status ] && grep -c '^Name:' /proc/self/status
cat /proc/self/comm
tr '\0' ' ' </proc/self/cmdline
echo
ls /proc/self/fd | wc -l >/dev/null && echo descriptors
grep -q MemTotal /proc/meminfo && echo meminfo
ps | grep -q '/init' && echo "ps sees init"
top -b -n1 | grep -q '^Mem:' && echo top
free | grep -q '^Mem:' && echo free
uptime | grep -q load && echo uptime
pidof sh >/dev/null && echo pidof
mount | grep -q ' /proc ' && echo mounted
df >/dev/null 2>&1
echo "df $?"
kill -l 9

head -c 16 /dev/urandom | wc -c
head -c 4 /dev/zero | od -A n -t x1
echo gone >/dev/null
echo full 2>/dev/null >/dev/full || echo "no space"
mknod pipe p
(echo through the pipe >pipe) & cat pipe
wait
stat -c %F pipe

title a script of its own, and functions of text
cat >script <<'END'
#!/bin/sh
echo "script $0 with $# arguments: $*"
while getopts ab:c option; do echo "option $option $OPTARG"; done
END
chmod +x script
./script -a -b value -c
sh ./script
printf '#!/bin/sed -f\ns/in/out/\n' >filter
chmod +x filter
echo inside | ./filter
. ./script sourced >/dev/null
eval 'echo evaluated $((1 + 1))'
type cd | head -n 1
command -v awk
fib() { if [ $1 -lt 2 ]; then echo $1; else echo $(($(fib $(($1 - 1))) + $(fib $(($1 - 2))))); fi; }; fib 9
dc -e '2 3 + 4 * p' 2>/dev/null || echo '2 3 + 4 * p' | dc
echo 'scale=4; 22/7; 2^64' | bc 2>/dev/null
less numbers </dev/null >/dev/null 2>&1
echo "pager $?"
vi --help >/dev/null 2>&1
echo bye | tee -a numbers | rev
cd /
rm -rf /tmp/work/tree /tmp/work/x /tmp/work/y
ls /tmp/work | sort | tr '\n' ' '
echo
echo "== end"
