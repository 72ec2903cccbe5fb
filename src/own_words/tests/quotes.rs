//! Quotes, attributions, forwarded messages.

use super::check;

#[test]
fn quote_styles() {
    check(&[
        ("plain", ". > Is it alive?\n. >> It was.\n.\n~ It is.\n"),
        ("indented mark", ".  > Is it alive?\n~ It is.\n"),
        ("bar", ". | Is it alive?\n. |\n. | Was it?\n~ It is.\n"),
        ("initials", ". JD> Is it alive?\n. JD>> It was.\n~ It is.\n"),
        ("name", ". Jane> Is it alive?\n~ It is.\n"),
        ("escaped", ". &gt; Is it alive?\n~ It is.\n"),
        ("colon", ". : Is it alive?\n. : Was it ever?\n~ It is.\n"),
        ("guillemets", ". » Is it alive?\n. » Was it ever?\n~ It is.\n"),
        ("chat", ". <jane> is it alive?\n. <joe> no\n~ So it is not.\n"),
        ("jira", ". bq. Is it alive?\n~ It is.\n"),
        ("lone colon is no quote", "~ : is this a bug?\n.\n~ I think so.\n"),
        ("signs inside a line are no quote", "~ If a > b then c < d holds.\n~ a -> b\n"),
        (
            "supercite",
            ". >>>>> \"Jane\" == Jane Doe <jane@example.org> writes:\n. Jane> Is it alive?\n.\n~ It is.\n",
        ),
    ]);
}

#[test]
fn attributions_before_a_quote() {
    check(&[
        (
            "English",
            ". On Tue, Jan 1, 2019 at 1:00 PM Jane Doe <jane@example.org> wrote:\n.\n. > Hi\n~ Yes.\n",
        ),
        (
            "English, wrapped",
            ". On Tue, Jan 1, 2019 at 1:00 PM Jane Doe via Some List\n. <list@example.org> wrote:\n. > Hi\n~ Yes.\n",
        ),
        (
            "English, wrapped behind the sign",
            ". On Tue, 1 Jan 2019 at 13:00, Jane Doe <\n. jane@example.org> wrote:\n. > Hi\n~ Yes.\n",
        ),
        (
            "English, three lines",
            ". On Tuesday, 1 January 2019, 13:00:00 CET Jane Doe\n. of the Department of Long Names via\n. list@example.org wrote:\n. > Hi\n~ Yes.\n",
        ),
        ("short", ". Jane wrote:\n. > Hi\n~ Yes.\n"),
        ("name and address", ". Jane Doe <jane@example.org> writes:\n.\n. > Hi\n~ Yes.\n"),
        ("German", ". Am 01.01.2019 um 13:00 schrieb Jane Doe:\n. > Hallo\n~ Ja.\n"),
        (
            "German, date first",
            ". Am Dienstag, dem 01.01.2019 um 13:00 +0100 schrieb Jane Doe:\n. > Hallo\n~ Ja.\n",
        ),
        (
            "French",
            ". Le mar. 1 janv. 2019 à 13:00, Jane Doe <jane@example.org> a\n. écrit :\n.\n. > Salut\n~ Oui.\n",
        ),
        (
            "Spanish",
            ". El mar, 1 ene 2019 a las 13:00, Jane Doe (<jane@example.org>)\n. escribió:\n.\n. > Hola\n~ Sí.\n",
        ),
        (
            "Italian",
            ". Il giorno mar 1 gen 2019 alle ore 13:00 Jane Doe\n. <jane@example.org> ha scritto:\n. > Ciao\n~ Sì.\n",
        ),
        (
            "Portuguese",
            ". Em ter., 1 de jan. de 2019 às 13:00, Jane Doe <jane@example.org>\n. escreveu:\n. > Olá\n~ Sim.\n",
        ),
        ("Dutch", ". Op 01-01-2019 om 13:00 schreef Jane Doe:\n. > Hoi\n~ Ja.\n"),
        ("Russian", ". вт, 1 янв. 2019 г. в 13:00, Jane Doe <jane@example.org>:\n.\n. > Привет\n~ Да.\n"),
        ("Russian verb", ". 01.01.2019 13:00, Jane Doe пишет:\n. > Привет\n~ Да.\n"),
        ("Chinese", ". Jane Doe <jane@example.org> 于2019年1月1日周二 下午1:00写道：\n. > 你好\n~ 好的。\n"),
        ("Chinese, date first", ". 在 2019/1/1 13:00, Jane Doe 写道:\n. > 你好\n~ 好的。\n"),
        ("Japanese", ". 2019年1月1日(火) 13:00 Jane Doe <jane@example.org>:\n. > こんにちは\n~ はい。\n"),
        ("Polish", ". W dniu 01.01.2019 o 13:00, Jane Doe pisze:\n. > Cześć\n~ Tak.\n"),
        (
            "Turkish",
            ". Jane Doe <jane@example.org>, 1 Oca 2019 Sal, 13:00 tarihinde şunu\n. yazdı:\n. > Selam\n~ Evet.\n",
        ),
        ("star", ". * Jane Doe <jane@example.org> [2019-01-01 13:00:00 +0100]:\n. > Hi\n~ Yes.\n"),
        ("star and name", ". * Jane Doe:\n. > Hi\n~ Yes.\n"),
        ("name and date", ". Jane Doe [Tue, Jan 01, 2019 at 01:00:00PM +0100]:\n. > Hi\n~ Yes.\n"),
        ("quoting", ". Quoting Jane Doe <jane@example.org>:\n. > Hi\n~ Yes.\n"),
        ("old Gmail", ". 2012/3/4 Jane Doe <jane@example.org>\n.\n. > Hi\n~ Yes.\n"),
        ("article", ". In article <abc@example.org>, Jane Doe <jane@example.org> wrote:\n. > Hi\n~ Yes.\n"),
        (
            "pipermail address",
            ". On Jan 1, 2019, at 1:00 PM, Jane Doe <jane at example.org> wrote:\n. > Hi\n~ Yes.\n",
        ),
        ("two levels", ". On 1 Jan 2019, Jane wrote:\n. On 31 Dec 2018, Joe wrote:\n. > > Hi\n~ Yes.\n"),
        (
            "issue by mail",
            ". On Tue, Jan 1, 2019 at 1:00 PM Jane Doe <notifications@github.com> wrote:\n.\n. > Hi\n~ Yes.\n",
        ),
    ]);
}

#[test]
fn attributions_without_a_quote() {
    check(&[
        (
            "unmistakable",
            "~ Please merge.\n.\n. On Tue, Jan 1, 2019 at 1:00 PM Jane Doe <jane@example.org> wrote:\n",
        ),
        ("a sentence of one's own", "~ As Jane wrote:\n.\n~ nobody cares.\n"),
        ("a date and a colon", "~ We agreed on 3 May 2019 on these points:\n.\n~ nothing else\n"),
        ("own text above is not swallowed", "~ I waited two years.\n. Jane Doe wrote:\n. > Hi\n"),
        (
            "own question above a quote",
            "~ What do you say to the following proposal, which still waits for an answer:\n. > Hi\n",
        ),
        ("an address in a request", "~ Please write to <jane@example.org>\n. > How?\n"),
    ]);
}

#[test]
fn forwarded_messages() {
    check(&[
        (
            "Outlook",
            "~ Please merge.\n.\n. -----Original Message-----\n. From: Jane Doe <jane@example.org>\n. Sent: Tuesday, January 1, 2019 1:00 PM\n. To: list@example.org\n. Subject: RE: patch\n.\n. I will not.\n",
        ),
        (
            "Outlook, no delimiter",
            "~ Please merge.\n.\n. From: Jane Doe <jane@example.org>\n. Sent: Tuesday, January 1, 2019 1:00 PM\n. To: list@example.org\n. Subject: RE: patch\n.\n. I will not.\n",
        ),
        (
            "underscores",
            "~ Please merge.\n. ________________________________\n. From: Jane Doe <jane@example.org>\n. Sent: Tuesday, January 1, 2019 1:00 PM\n. To: list@example.org\n. Subject: RE: patch\n.\n. I will not.\n",
        ),
        (
            "German",
            "~ Bitte aufnehmen.\n.\n. -----Ursprüngliche Nachricht-----\n. Von: Jane Doe [mailto:jane@example.org]\n. Gesendet: Dienstag, 1. Januar 2019 13:00\n. An: list@example.org\n. Betreff: AW: Patch\n.\n. Nein.\n",
        ),
        (
            "French",
            "~ Merci.\n.\n. De : Jane Doe <jane@example.org>\n. Envoyé : mardi 1 janvier 2019 13:00\n. À : list@example.org\n. Objet : RE: patch\n.\n. Non.\n",
        ),
        (
            "Spanish",
            "~ Gracias.\n.\n. De: Jane Doe <jane@example.org>\n. Enviado: martes, 1 de enero de 2019 13:00\n. Para: list@example.org\n. Asunto: RE: parche\n.\n. No.\n",
        ),
        (
            "Chinese",
            "~ 谢谢。\n.\n. 发件人: Jane Doe <jane@example.org>\n. 发送时间: 2019年1月1日 13:00\n. 收件人: list@example.org\n. 主题: 补丁\n.\n. 不。\n",
        ),
        (
            "Russian",
            "~ Спасибо.\n.\n. От: Jane Doe <jane@example.org>\n. Отправлено: 1 января 2019 г. 13:00\n. Кому: list@example.org\n. Тема: патч\n.\n. Нет.\n",
        ),
        (
            "bold labels",
            "~ Thanks.\n.\n. *From:* Jane Doe <jane@example.org>\n. *Sent:* Tuesday, January 1, 2019 1:00 PM\n. *To:* list@example.org\n. *Subject:* RE: patch\n.\n. No.\n",
        ),
        (
            "spaced out",
            "~ Thanks.\n.\n. From: Jane Doe <jane@example.org>\n.\n. Sent: Tuesday, January 1, 2019 1:00 PM\n.\n. To: list@example.org\n.\n. Subject: RE: patch\n.\n. No.\n",
        ),
        (
            "folded recipients",
            "~ Thanks.\n.\n. From: Jane Doe <jane@example.org>\n. To: Joe <joe@example.org>,\n.   Jim <jim@example.org>\n. Date: 1 Jan 2019 13:00\n. Subject: patch\n.\n. No.\n",
        ),
        (
            "forwarded",
            "~ See below.\n.\n. ---------- Forwarded message ---------\n. From: Jane Doe <jane@example.org>\n. Date: Tue, Jan 1, 2019 at 1:00 PM\n. Subject: patch\n. To: <list@example.org>\n.\n. I will not.\n",
        ),
        (
            "Apple",
            "~ See below.\n.\n. Begin forwarded message:\n.\n. From: Jane Doe <jane@example.org>\n. Subject: patch\n. Date: 1 January 2019 at 13:00:00 CET\n. To: list@example.org\n.\n. I will not.\n",
        ),
        (
            "mutt's end",
            "~ See below.\n. ----- Forwarded message from Jane Doe <jane@example.org> -----\n.\n. From: Jane Doe <jane@example.org>\n. Subject: patch\n.\n. I will not.\n.\n. ----- End forwarded message -----\n~ And that was a year ago.\n",
        ),
        (
            "marked quotes below",
            "~ Thanks.\n. ----- Original Message -----\n. From: \"Jane Doe\" <jane@example.org>\n. To: list@example.org\n. Sent: Tuesday, January 1, 2019 1:00:00 PM\n. Subject: patch\n.\n. > Will you?\n~ I will not.\n",
        ),
        (
            "delimiter over quotes",
            ". ------- Original Message -------\n. On Tuesday, January 1st, 2019 at 1:00 PM, Jane Doe <jane@example.org> wrote:\n.\n. > Hi\n~ Yes.\n",
        ),
        (
            "headers that open a message",
            ". From: Jane Doe <jane@example.org>\n. Date: Tue, 1 Jan 2019 13:00:00 +0100\n. Subject: [PATCH] Fix it\n.\n~ This mends the build. Please apply.\n",
        ),
        ("one header", ". From: Jane Doe <jane@example.org>\n.\n~ This mends the build. Please apply.\n"),
        ("a list of fields is no header block", "~ To: be decided\n~ Note: we wait\n.\n~ Nothing moves.\n"),
    ]);
}
