//! Patches and trailers.

use super::check;

#[test]
fn patches() {
    check(&[
        (
            "format-patch",
            "~ This mends the build. Please apply it soon.\n.\n. Signed-off-by: Jane Doe <jane@example.org>\n. ---\n. src/a.c | 2 +-\n. 1 file changed, 1 insertion(+), 1 deletion(-)\n.\n. diff --git a/src/a.c b/src/a.c\n. index 1111111..2222222 100644\n. --- a/src/a.c\n. +++ b/src/a.c\n. @@ -1,3 +1,3 @@ int main(void)\n.  int a;\n. -int b;\n. +long b;\n.  int c;\n. -- \n. 2.20.1\n",
        ),
        (
            "notes behind the line",
            "~ This mends the build.\n. ---\n~ Third time I send this. Will anybody look at it?\n.\n.  a.c | 2 +-\n",
        ),
        (
            "blank context lines",
            ". @@ -1,3 +1,3 @@\n.  int a;\n.\n. -int b;\n. +long b;\n.\n~ Does that look right to you?\n",
        ),
        (
            "a line that the mailer wrapped",
            ". @@ -1,2 +1,2 @@\n. -int a_very_long_declaration(\n. wrapped);\n. +int b;\n.  int c;\n~ Does that look right to you?\n",
        ),
        (
            "words end a hunk",
            ". @@ -1,90 +1,90 @@\n. -int a;\n. +int b;\n~ You have ignored this for a year.\n~ Hand the project over.\n",
        ),
        (
            "svn",
            ". Index: src/a.c\n. ===================================================================\n. --- src/a.c\t(revision 1)\n. +++ src/a.c\t(working copy)\n. @@ -1 +1 @@\n. -int a;\n. +int b;\n~ Please commit.\n",
        ),
        (
            "new file",
            ". diff --git a/a b/a\n. new file mode 100644\n. index 0000000..1111111\n. --- /dev/null\n. +++ b/a\n. @@ -0,0 +1 @@\n. +x\n. \\ No newline at end of file\n~ Please commit.\n",
        ),
        ("loose lines", "~ I would rather write\n.\n. +.TP\n. +.B foo\n. +\n.\n~ here.\n"),
        ("a list of dashes", "~ - one thing\n~ - another thing\n~ - a third thing\n"),
        ("plus one", "~ +1\n"),
        (
            "attached patch",
            "~ Patch attached, please merge.\n.\n. From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n. From: Jane Doe <jane@example.org>\n. Date: Tue, 1 Jan 2019 13:00:00 +0100\n. Subject: [PATCH] Fix it\n.\n~ The build was broken.\n. ---\n.  a.c | 2 +-\n",
        ),
    ]);
}

#[test]
fn trailers() {
    check(&[
        (
            "all kinds",
            "~ Looks good to me, please apply.\n.\n. Reviewed-by: Jane Doe <jane@example.org>\n. Acked-by: Joe\n. Cc: stable@example.org\n. Fixes: 0123456789ab (\"Add it\")\n. Link: https://example.org/1\n. Change-Id: I0123456789\n",
        ),
        ("words with a colon", "~ Cc: everybody who still waits\n~ Reminder: this is overdue.\n"),
    ]);
}
