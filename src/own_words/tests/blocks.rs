//! Fences, comments, tags, macros, armour.

use super::check;

#[test]
fn fences() {
    check(&[
        ("backticks", "~ Look:\n. ```rust\n. fn main() {}\n.\n. let a = 1;\n. ```\n~ It fails.\n"),
        ("tildes", "~ Look:\n.\n. ~~~\n. int a = 1;\n. ~~~\n~ It fails.\n"),
        ("longer fence", ". ````\n. ```\n. a = b;\n. ```\n. ````\n~ It fails.\n"),
        ("in a list", "~ 1. Run\n.    ```\n.    make all -j8\n.    ```\n~ 2. Wait.\n"),
        ("sloppy ends", "? ⟦It says⟧ ```\n. a = b;\n. c = d;```\n~ and stops.\n"),
        ("inline", "~ Use `make -C x` or ```make``` here.\n~ ```a = b;``` is wrong.\n"),
        (
            "prose inside",
            ". ```\n~ You have let this project rot for two years now.\n~ Give the commit rights to somebody who cares.\n. ```\n",
        ),
        ("unclosed", "~ Look:\n.\n. ```\n. a = b;\n.\n~ You have ignored this for a year.\n"),
        ("unclosed around prose", ". ```\n~ You have ignored this for a whole year.\n"),
        (
            "heading underlined with tildes",
            "~ Why it matters\n. ~~~~~~~~~~~~~~~~\n~ It is the only one.\n.\n~ What to do\n. ~~~~~~~~~~\n~ Merge it.\n",
        ),
        ("quoted fence opens nothing", ". > ```\n~ You still have not answered me.\n. > ```\n"),
        ("suggestion", "~ Better:\n. ```suggestion\n. a = c;\n. ```\n"),
    ]);
}

#[test]
fn comments_and_tags() {
    check(&[
        ("comment", ". <!-- A clear and concise description of the problem. -->\n~ It fails.\n"),
        (
            "comment over lines",
            ". <!--\n. A clear and concise description of the problem.\n. -->\n~ It fails.\n",
        ),
        ("comment inside a line", "? ⟦It fails⟧ <!-- or not --> ⟦every day.⟧\n"),
        ("comment at the end", "? ⟦It fails.⟧ <!-- or not\n? at all --> ⟦Mend it.⟧\n"),
        (
            "unclosed comment",
            "? <!-- ⟦nothing closes this⟧\n~ nor this line\n.\n~ You have ignored this for a year.\n",
        ),
        ("blockquote", ". <blockquote>\n. Is it alive?\n. </blockquote>\n~ It is.\n"),
        ("blockquote in a line", "? <BLOCKQUOTE class=\"x\">Is it?</BLOCKQUOTE> ⟦It is.⟧\n"),
        ("pre", "~ Look:\n. <pre>\n. a = b;\n.\n. c = d;\n. </pre>\n~ It fails.\n"),
        ("code over lines", "~ Look:\n. <code>\n. a = b;\n. </code>\n~ It fails.\n"),
        ("code in a line", "~ Use <code>make</code> here.\n"),
        (
            "details",
            ". <details>\n. <summary>Log</summary>\n.\n~ It fails every day on my machine.\n. </details>\n",
        ),
        ("bold words", "~ <b>merge it</b>\n~ <h1>Now</h1>\n~ Hand it over,</p></div>\n~ today<br>\n"),
    ]);
}

#[test]
fn macros() {
    check(&[
        ("code", "~ Look:\n. {code:java}\n. int a = 1;\n.\n. int b;\n. {code}\n~ It fails.\n"),
        ("noformat", ". {noformat}\n. a=b\n. {noformat}\n~ It fails.\n"),
        ("quote", ". {quote}\n. Is it alive?\n. {quote}\n~ It is.\n"),
        ("quote in a line", "? {quote}Is it alive?{quote} ⟦It is.⟧\n"),
        ("code in a line", "? ⟦I call⟧ {code}a(b);{code} ⟦and it fails.⟧\n"),
        ("bbcode", ". [quote=jane]\n. Is it alive?\n. [/quote]\n~ It is.\n. [code]\n. a = b;\n. [/code]\n"),
        ("unclosed", ". {code}\n. a = b;\n.\n~ You have ignored this for a year.\n"),
        ("prose inside", ". {noformat}\n~ You have ignored this for a whole year now.\n. {noformat}\n"),
    ]);
}

#[test]
fn armour() {
    check(&[
        (
            "signed",
            ". -----BEGIN PGP SIGNED MESSAGE-----\n. Hash: SHA256\n.\n~ Please merge.\n. -----BEGIN PGP SIGNATURE-----\n. Version: X\n.\n. iQEzBAEBCAAdFiEE\n. =abcd\n. -----END PGP SIGNATURE-----\n",
        ),
        (
            "prose inside",
            ". -----BEGIN PGP MESSAGE-----\n.\n~ You have ignored this for a year.\n. -----END PGP MESSAGE-----\n",
        ),
        ("base64", "~ Here it is:\n. iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk\n"),
    ]);
}
