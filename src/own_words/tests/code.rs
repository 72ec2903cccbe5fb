//! Code and logs outside fences.

use super::check;

#[test]
fn indented_code() {
    check(&[
        ("code", "~ Look:\n.\n.     int a = b;\n.     call(a);\n.\n~ It fails.\n"),
        ("tab", "~ Look:\n.\n. \tint a = b;\n.\n~ It fails.\n"),
        (
            "remarks inside",
            "~ Look:\n.\n.     // this is the second call\n.     call(a);\n.     // and this is the third\n.     call(b);\n",
        ),
        ("prose", "~     I have waited for an answer for a year now,\n~     and I am tired of it.\n"),
        ("first line", "~     I have waited for an answer.\n~ Nobody cares.\n"),
        ("hanging list", "~   * please merge the patch that I sent,\n~     which nobody has looked at\n"),
        ("words", "~     Some other cable\n~     Another board\n"),
    ]);
}

#[test]
fn code_in_the_open() {
    check(&[
        ("C", "~ Look:\n. #include <stdio.h>\n. int main(void)\n. {\n.     puts(\"x\");\n. }\n~ It fails.\n"),
        ("Python", ". import os\n. from a.b import c\n. def f(x):\n.     return x + 1\n.\n~ It fails.\n"),
        ("R", "~ I ran\n.\n. x <- read.table(\"a.csv\")\n. summary(x)\n.\n~ and waited.\n"),
        ("markup", "~ I wrote\n. <dependency>\n.   <name>foo</name>\n. </dependency>\n~ and waited.\n"),
        ("JSON", "~ I wrote\n. {\n.   \"name\": \"foo\",\n. }\n~ and waited.\n"),
        ("roff", "~ I wrote\n. .TP\n. .B foo\n~ and waited for an answer.\n"),
        (
            "prose with signs",
            "~ Call foo(bar) before x = 1; that helps with the build (mostly), and please merge it.\n",
        ),
        ("a man page", "~ mmap(2)\n"),
        ("pings", "~ @jane ping\n~ @joe @jim please have a look\n~ #12 is still open\n"),
        ("smileys", "~ :-)\n~ ;)\n"),
        (
            "a word that is also a keyword",
            "~ import this at last\n~ return it to the community\n~ use the new one, please\n",
        ),
        ("addresses", "~ <https://example.org/issue/12>\n"),
        ("image", ". ![image](https://example.org/a.png)\n~ See above.\n"),
    ]);
}

#[test]
fn logs() {
    check(&[
        (
            "stack trace",
            "~ It says\n. Traceback (most recent call last):\n.   File \"a.py\", line 3, in <module>\n.     main()\n. TypeError: x is not a function\n~ and stops.\n",
        ),
        (
            "java",
            ". java.lang.IllegalStateException: no value\n. \tat com.example.A.b(A.java:12)\n. \t... 12 more\n. Caused by: java.io.IOException: x\n~ It fails.\n",
        ),
        (
            "compiler",
            ". gcc -O2 -c a.c\n. a.c:12:3: error: expected ';' before '}' token\n. make[1]: *** [a.o] Error 1\n~ It fails.\n",
        ),
        (
            "shell",
            ". $ make\n. jane@host:~/src$ ls -la\n. -rw-r--r-- 1 jane jane 12 Jan  1 12:00 a.c\n~ It fails.\n",
        ),
        ("kernel", ". [   12.345678] usb 1-1: new device found\n~ It fails.\n"),
        (
            "stamps",
            ". 2020-01-01 12:00:00 starting the very long job now\n. 2020-01-01 12:00:01 stopping the very long job now\n~ It fails.\n",
        ),
        ("syslog", ". Jan  1 12:00:00 host foo[12]: cannot open /dev/x\n~ It fails.\n"),
        ("one stamp before a sentence", "~ [12:00:00] You should really answer me now\n"),
        (
            "a complaint is no log",
            "~ Error: you have still not merged this after two years\n~ at least answer me\n",
        ),
    ]);
}
