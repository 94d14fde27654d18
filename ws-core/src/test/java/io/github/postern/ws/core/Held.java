package io.github.postern.ws.core;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How many bytes of payload an object of this package holds, itself and through others of this package. */
final class Held {
    private Held() {}

    static int bytes(Object holder) {
        return bytes(holder, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static int bytes(Object holder, Set<Object> seen) {
        if (!seen.add(holder)) {
            return 0;
        }
        if (holder instanceof byte[] array) {
            return array.length;
        }
        var sum = 0;
        if (holder instanceof ByteBuffer buffer) {
            sum += buffer.capacity();
        } else if (holder.getClass().getPackage().equals(Held.class.getPackage())) {
            for (var field : holder.getClass().getDeclaredFields()) {
                var value = Modifier.isStatic(field.getModifiers()) ? null : value(field, holder);
                sum += value == null ? 0 : bytes(value, seen);
            }
        }
        return sum;
    }

    private static @Nullable Object value(Field field, Object holder) {
        try {
            field.setAccessible(true);
            return field.get(holder);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
