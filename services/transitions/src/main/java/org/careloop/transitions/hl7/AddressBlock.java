package org.careloop.transitions.hl7;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One IP address, or a block of them in CIDR notation: {@code 192.0.2.7}, {@code 10.20.0.0/16}, {@code 2001:db8::/32}.
 *
 * @param first lowest address of the block
 * @param length how many leading bits all its addresses share
 */
public record AddressBlock(InetAddress first, int length) {

    /** Only literals: a name would be asked for, and could answer differently each time. */
    private static final Pattern LITERAL = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    /** Refuses a length that the address does not have, and an address inside the block instead of its first. */
    public AddressBlock {
        int bits = first.getAddress().length * 8;
        if (length < 0 || length > bits || bitsAfter(first, length).signum() != 0) {
            throw wrong();
        }
    }

    /** Reads one address or block. Fails with {@link IllegalArgumentException}. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static AddressBlock parse(String text) {
        String[] parts = text.strip().split("/", -1);
        InetAddress address = literal(parts[0]).orElseThrow(AddressBlock::wrong);
        if (parts.length == 1) {
            return new AddressBlock(address, address.getAddress().length * 8);
        }
        if (parts.length > 2 || !parts[1].matches("\\d{1,3}")) {
            throw wrong();
        }
        return new AddressBlock(address, Integer.parseInt(parts[1]));
    }

    /** Tells whether {@code address}, a literal with or without a zone, lies in this block. */
    public boolean contains(String address) {
        return literal(address.split("%", 2)[0])
                .filter(other -> other.getAddress().length == first.getAddress().length)
                .filter(other -> prefix(other, length).equals(prefix(first, length)))
                .isPresent();
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return LITERAL.matcher(text).matches() ? Optional.of(InetAddress.ofLiteral(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static BigInteger prefix(InetAddress address, int length) {
        byte[] bytes = address.getAddress();
        return new BigInteger(1, bytes).shiftRight(bytes.length * 8 - length);
    }

    private static BigInteger bitsAfter(InetAddress address, int length) {
        BigInteger all = new BigInteger(1, address.getAddress());
        int rest = address.getAddress().length * 8 - length;
        return all.subtract(all.shiftRight(rest).shiftLeft(rest));
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException(
                "not an address or block (expected: 192.0.2.7, 10.20.0.0/16 or 2001:db8::/32, without bits after the prefix)");
    }
}
