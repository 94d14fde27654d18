package io.github.postern.samples.compare;

import java.io.IOException;

/** A result as a page that stands alone: the charts of the live page in one file that needs no server and no network. */
final class ReportPage {
    private ReportPage() {}

    static String text(Result result) throws IOException {
        // "</" would end the script that holds the data
        var data = Report.of(result).toString().replace("</", "<\\/");
        return PageFile.text("report.html")
                .replace("/*STYLE*/", PageFile.text("compare.css"))
                .replace("/*CHART.JS*/", PageFile.chartScript())
                .replace("/*CHARTS*/", PageFile.text("charts.js"))
                .replace("/*DATA*/", data);
    }
}
