package io.github.postern.verify.fuzz;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How much memory an object has reserved for payload: arrays and buffers, its own and those of objects of its package. */
final class Reserved {
    private static final ClassValue<Field[]> FIELDS = new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
            return fields(type);
        }
    };

    private final String packageName;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private Reserved(Object holder) {
        this.packageName = holder.getClass().getPackageName();
    }

    static long bytes(Object holder) {
        return new Reserved(holder).in(holder);
    }

    @SuppressWarnings("ByteBufferBackingArray") // the whole array is reserved, whatever part of it the buffer shows
    private long in(@Nullable Object value) {
        if (value == null || !seen.add(value)) {
            return 0;
        }
        return switch (value) {
            case byte[] array -> array.length;
            case char[] array -> (long) Character.BYTES * array.length;
            case ByteBuffer buffer when buffer.hasArray() -> in(buffer.array());
            case ByteBuffer buffer -> buffer.capacity();
            default -> value.getClass().getPackageName().equals(packageName) ? inFields(value) : 0;
        };
    }

    private long inFields(Object holder) {
        var sum = 0L;
        for (var field : FIELDS.get(holder.getClass())) {
            try {
                sum += in(field.get(holder));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("made accessible before", e);
            }
        }
        return sum;
    }

    private static Field[] fields(Class<?> type) {
        return Stream.<Class<?>>iterate(type, Class::getSuperclass)
                .takeWhile(ancestor -> ancestor != Object.class)
                .flatMap(ancestor -> Arrays.stream(ancestor.getDeclaredFields()))
                .filter(field ->
                        !field.getType().isPrimitive() && !field.getType().isEnum())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .peek(field -> field.setAccessible(true))
                .toArray(Field[]::new);
    }
}
