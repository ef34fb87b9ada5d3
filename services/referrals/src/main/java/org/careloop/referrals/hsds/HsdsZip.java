package org.careloop.referrals.hsds;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.referrals.domain.hsds.HsdsIssue;
import org.careloop.referrals.domain.hsds.HsdsRow;
import org.careloop.referrals.domain.hsds.HsdsTables;
import org.careloop.referrals.hsds.HsdsFile.Limits;

/**
 * A ZIP of HSDS tables, each a CSV file in UTF-8 with the columns' names in its first line, in whatever folder.
 *
 * @see <a href="https://docs.openreferral.org/en/v3.0.1/hsds/serialization.html">HSDS as CSV</a>
 */
final class HsdsZip {

    private static final CSVFormat CSV = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .get();
    private static final String ENDING = ".csv";
    private static final int CHUNK = 8192;

    /** Begins the last record of a ZIP, which has the number of its entries 10 bytes on. */
    private static final int LAST_RECORD = 0x06054b50;

    private static final int LAST_RECORD_SIZE = 22;
    private static final int NUMBER_AT = 10;

    private final HsdsTables tables = new HsdsTables();
    private final Limits limits;
    private int rows;
    private long bytes;

    private HsdsZip(Limits limits) {
        this.limits = limits;
    }

    static HsdsTables read(byte[] body, Limits limits) {
        HsdsZip reading = new HsdsZip(limits);
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(body))) {
            int entries = 0;
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries++;
                if (!entry.isDirectory()) {
                    reading.file(entry.getName(), reading.unpacked(zip));
                }
            }
            requireWhole(body, entries);
        } catch (IOException | IllegalArgumentException | UncheckedIOException e) {
            // Its text may repeat what was sent.
            throw HsdsFile.malformed("not a ZIP of CSV tables in UTF-8 with distinct columns (expected: HSDS)");
        }
        return reading.tables;
    }

    /** A ZIP that was cut off between two files reads well, and what is missing would count as vanished from the source. */
    private static void requireWhole(byte[] body, int entries) throws IOException {
        ByteBuffer zip = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = body.length - LAST_RECORD_SIZE; at >= 0; at--) {
            if (zip.getInt(at) == LAST_RECORD) {
                if (zip.getShort(at + NUMBER_AT) == (short) entries) {
                    return;
                }
                break;
            }
        }
        throw new IOException("cut off");
    }

    /** What the ZIP says of its sizes is not trusted. */
    private byte[] unpacked(ZipInputStream zip) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int read = zip.read(chunk); read >= 0; read = zip.read(chunk)) {
            bytes += read;
            if (bytes > limits.bytes()) {
                throw new FhirProblem(
                        ProblemCode.BODY_TOO_LARGE,
                        "body: too large when unpacked (expected: at most " + limits.bytes() + " bytes)");
            }
            file.write(chunk, 0, read);
        }
        return file.toByteArray();
    }

    private void file(String path, byte[] content) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (!name.endsWith(ENDING)) {
            tables.add(new HsdsIssue(
                    HsdsIssue.Weight.NO_PLACE, "file[" + name + "]", "is no CSV file, so it was not read"));
            return;
        }
        String table = HsdsNames.table(name.substring(0, name.length() - ENDING.length()));
        try (CSVParser csv = CSVParser.parse(new StringReader(text(content)), CSV)) {
            for (CSVRecord line : csv) {
                if (++rows > limits.rows()) {
                    throw HsdsFile.tooManyRows(limits);
                }
                row(table, line);
            }
        }
    }

    private void row(String table, CSVRecord line) {
        int number = (int) line.getRecordNumber();
        Map<String, String> values = new LinkedHashMap<>();
        line.toMap().forEach((column, value) -> values.put(column.strip().toLowerCase(Locale.ROOT), value));
        if (line.isConsistent()) {
            tables.add(new HsdsRow(table, number, values));
        } else {
            tables.add(new HsdsIssue(
                    HsdsIssue.Weight.LEFT_OUT,
                    table + "[" + number + "]",
                    "has not as many values as the first line has columns (expected: equal)"));
        }
    }

    private static String text(byte[] content) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(content))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
